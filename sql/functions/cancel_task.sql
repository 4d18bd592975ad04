-- Cancels a task that waits; requests a running one to stop, which its worker hears immediately on a session connection, else
-- with its next renewal. Returns the task; no row: there is none, or it is over.
create or replace function public.cancel_task(p_id uuid) returns setof public.tasks
language plpgsql volatile set search_path = ''
as $$
declare
  task public.tasks;
begin
  select t.* into task from public.tasks t
  where t.id = p_id and t.state in ('scheduled', 'queued', 'running') for update;
  if not found then
    return;
  end if;
  if task.state = 'running' then
    perform pg_catalog.pg_notify('smarteros_task_cancels', p_id::text);
  end if;
  return query
    update public.tasks t
    set cancel_requested_at = coalesce(t.cancel_requested_at, clock_timestamp()),
      state = case when t.state = 'running' then t.state else 'cancelled' end,
      finished_at = case when t.state = 'running' then null else clock_timestamp() end
    where t.id = p_id
    returning t.*;
  if task.state = 'queued' then
    perform smarteros.leave_line(task.queue, task.fair_key, task.priority);
  end if;
end
$$;

revoke all on function public.cancel_task(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.cancel_task(uuid) to service_role, smarteros_fn;
