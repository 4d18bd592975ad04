create or replace function public.delete_alert_rule(p_id text) returns setof public.alert_rules
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query delete from public.alert_rules r where r.id = p_id returning r.*;
end
$$;

revoke all on function public.delete_alert_rule(text) from public, anon, authenticated, service_role;
grant execute on function public.delete_alert_rule(text) to authenticated;
alter function public.delete_alert_rule(text) owner to smarteros_fn;
