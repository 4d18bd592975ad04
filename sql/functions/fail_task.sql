-- Ends an attempt without success. A task that may be retried waits for twice as long after each attempt, up to the longest
-- pause of its queue, of which the upper half is random, and at least for `p_retry_after`; without attempts left it is dead. `p_trips_breaker` counts
-- the failure against the queue. Returns the task; no row: the token is not that of the last claim, or the attempt is over.
create or replace function public.fail_task(
  p_id uuid, p_claim uuid, p_error jsonb, p_retry boolean default true, p_retry_after interval default '0',
  p_trips_breaker boolean default false
) returns setof public.tasks
language plpgsql volatile set search_path = ''
as $$
declare
  task public.tasks;
  pause interval;
  next_state text;
begin
  select t.* into task from public.tasks t
  where t.id = p_id and t.claim = p_claim and t.state = 'running' for update;
  if not found then
    return;
  end if;
  next_state := case
    when task.cancel_requested_at is not null then 'cancelled'
    when p_retry and task.attempts < task.max_attempts then 'scheduled'
    else 'dead'
  end;
  select greatest(
    least(q.retry_pause * power(2, least(task.attempts - 1, 12)), q.max_retry_pause) * (0.5 + random() / 2), p_retry_after
  ) into pause
  from public.task_queues q where q.name = task.queue;
  update public.tasks t
  set state = next_state, error = p_error, lease_until = null, claim = null,
    run_at = case when next_state = 'scheduled' then clock_timestamp() + pause else t.run_at end,
    finished_at = case when next_state <> 'scheduled' then clock_timestamp() end
  where t.id = p_id
  returning t.* into task;
  if p_trips_breaker then
    update public.task_queues q
    set failures = q.failures + 1,
      open_until = case when q.failures + 1 >= q.breaker_failures then clock_timestamp() + q.breaker_pause else q.open_until end
    where q.name = task.queue;
  end if;
  return next task;
end
$$;

revoke all on function public.fail_task(uuid, uuid, jsonb, boolean, interval, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.fail_task(uuid, uuid, jsonb, boolean, interval, boolean) to service_role;
