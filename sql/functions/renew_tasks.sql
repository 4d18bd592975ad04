-- Extends the leases of running tasks and stores their progress. `p_running` is [{"id", "claim", "progress"?}]. Returns those
-- that the worker still has, and whether the cancellation of each was requested; one that is missing belongs to another worker or is over.
create or replace function public.renew_tasks(p_running jsonb)
returns table (id uuid, lease_until timestamptz, cancelled boolean)
language sql volatile set search_path = ''
as $$
  update public.tasks t
  set lease_until = clock_timestamp() + q.lease, progress = coalesce(it.progress, t.progress)
  from jsonb_to_recordset(p_running) as it (id uuid, claim uuid, progress jsonb), public.task_queues q
  where t.id = it.id and t.claim = it.claim and t.state = 'running' and q.name = t.queue
  returning t.id, t.lease_until, t.cancel_requested_at is not null or smarteros.is_run_cancelled(t.id, t.kind)
$$;

revoke all on function public.renew_tasks(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.renew_tasks(jsonb) to service_role;
