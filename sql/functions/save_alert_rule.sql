create or replace function public.save_alert_rule(p_definition jsonb) returns setof public.alert_rules
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.alert_rules as r (id, definition, created_by)
    values (p_definition ->> 'id', p_definition, smarteros.subject())
    on conflict (id) do update set definition = excluded.definition, updated_at = now()
    returning r.*;
end
$$;

revoke all on function public.save_alert_rule(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.save_alert_rule(jsonb) to authenticated;
alter function public.save_alert_rule(jsonb) owner to smarteros_fn;
