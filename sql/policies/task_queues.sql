alter table public.task_queues enable row level security;
alter table public.task_queues force row level security;

-- Whether a queue is paused or waits for its vendor is the same for every caller.
create policy task_queues_read on public.task_queues for select to authenticated, smarteros_fn
using ((select smarteros.can('read')));

-- The queue of a vendor is created by its first run.
create policy task_queues_insert_of_vendor on public.task_queues for insert to smarteros_fn
with check ((select smarteros.can('write')) and name in (select v.vendor from public.provision_vendors v));

-- To lock the queues of a run that is cancelled: no column that means something can be changed.
create policy task_queues_lock_of_vendor on public.task_queues for update to smarteros_fn
using ((select smarteros.can('write')) and name in (select v.vendor from public.provision_vendors v));

revoke all on public.task_queues from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.task_queues to authenticated, smarteros_fn;
grant select, insert on public.task_queues to service_role;
grant update (paused_at, max_running, max_per_key, max_per_tenant, max_per_worker, lease, slice, max_attempts, retry_pause,
  max_retry_pause, breaker_failures, breaker_pause, failures, open_until, claimed) on public.task_queues to service_role;
grant insert (name, max_running, max_per_tenant, lease, max_retry_pause) on public.task_queues to smarteros_fn;
grant update (created_at) on public.task_queues to smarteros_fn;
