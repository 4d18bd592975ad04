-- Returns whether the run of a step's task was cancelled: a cancellation leaves out a task that another transaction has locked.
-- The task that undoes the step continues.
create or replace function smarteros.is_run_cancelled(p_task_id uuid, p_kind text) returns boolean
language sql stable set search_path = ''
as $$
  select p_kind <> 'undo' and exists (
    select from public.provision_steps s join public.provision_runs r on r.id = s.run_id
    where s.task_id = p_task_id and r.cancelled_at is not null
  )
$$;

revoke all on function smarteros.is_run_cancelled(uuid, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.is_run_cancelled(uuid, text) to service_role;
