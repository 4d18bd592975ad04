-- Notifies workers that listen on a session connection of queues with tasks to claim.
create or replace function smarteros.wake_workers(p_queues text[]) returns void
language sql volatile set search_path = ''
as $$
  select pg_catalog.pg_notify('smarteros_tasks', queue) from unnest(p_queues) queue
$$;

revoke all on function smarteros.wake_workers(text[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.wake_workers(text[]) to service_role, smarteros_fn;
