-- Its name stays for the log of deliveries; what was secret of it goes, and what is on its way to it is given up.
create or replace function public.remove_alert_target(p_id uuid) returns setof public.alert_targets
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  delete from smarteros.alert_target_secrets s where s.target_id = p_id;
  update public.alert_deliveries d set state = 'failed', finished_at = now(), last_error = 'the target was removed'
  where d.target_id = p_id and d.state = 'pending';
  return query
    update public.alert_targets t set removed_at = now() where t.id = p_id and t.removed_at is null returning t.*;
end
$$;

revoke all on function public.remove_alert_target(uuid) from public, anon, authenticated, service_role;
grant execute on function public.remove_alert_target(uuid) to authenticated;
alter function public.remove_alert_target(uuid) owner to smarteros_fn;
