-- Puts a test message into the outbox, which the monitor delivers like any other.
create or replace function public.test_alert_target(p_id uuid) returns setof public.alert_deliveries
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.alert_deliveries as d (notification, target_id, kind, payload)
    select 'test@' || gen_random_uuid(), t.id, 'test', jsonb_build_object('kind', 'test', 'group', 'test', 'at', now())
    from public.alert_targets t where t.id = p_id and t.removed_at is null
    returning d.*;
end
$$;

revoke all on function public.test_alert_target(uuid) from public, anon, authenticated, service_role;
grant execute on function public.test_alert_target(uuid) to authenticated;
alter function public.test_alert_target(uuid) owner to smarteros_fn;
