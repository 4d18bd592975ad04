alter table public.task_queues enable row level security;
alter table public.task_queues force row level security;

-- Whether a queue is paused or waits for its vendor is the same for every caller.
create policy task_queues_read on public.task_queues for select to authenticated
using ((select smarteros.can('read')));

revoke all on public.task_queues from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.task_queues to authenticated;
grant select, insert on public.task_queues to service_role;
grant update (paused_at, max_running, max_per_key, max_per_tenant, max_per_worker, lease, slice, max_attempts, retry_pause,
  max_retry_pause, breaker_failures, breaker_pause, failures, open_until, claimed) on public.task_queues to service_role;
