-- Cancels runs: what waits ends, and what is under way is stopped by its worker. What a stopped creation may have left at the
-- vendor is found and undone; see smarteros.follow_task. Returns those that were open. Locks the runs, then the queues, then
-- the tasks, as every other writer does.
create or replace function smarteros.cancel_runs(p_run_ids uuid[]) returns setof uuid
language plpgsql volatile set search_path = ''
as $$
declare
  runs uuid[];
  task record;
  run uuid;
begin
  perform 1 from public.provision_runs r where r.id = any (p_run_ids) order by r.id for no key update;
  with cancelled as (
    update public.provision_runs r set cancelled_at = coalesce(r.cancelled_at, now())
    where r.id = any (p_run_ids) and r.finished_at is null
    returning r.id
  )
  select array_agg(c.id order by c.id) into runs from cancelled c;
  perform 1 from public.task_queues q
  where q.name in (select s.vendor from public.provision_steps s where s.run_id = any (runs))
  order by q.name for update;
  for task in
    select t.id, t.state, t.queue, t.fair_key, t.priority
    from public.provision_steps s join public.tasks t on t.id = s.task_id
    where s.run_id = any (runs) and t.state in ('scheduled', 'queued', 'running')
    -- A task that another transaction changes follows its run by itself.
    for update of t skip locked
  loop
    if task.state = 'running' then
      update public.tasks t set cancel_requested_at = coalesce(t.cancel_requested_at, clock_timestamp()) where t.id = task.id;
      perform pg_catalog.pg_notify('smarteros_task_cancels', task.id::text);
      continue;
    end if;
    update public.tasks t
    set state = 'cancelled', cancel_requested_at = clock_timestamp(), finished_at = clock_timestamp()
    where t.id = task.id;
    if task.state = 'queued' then
      perform smarteros.leave_line(task.queue, task.fair_key, task.priority);
    end if;
  end loop;
  update public.provision_steps s
  set state = 'cancelled', next_attempt_at = null, finished_at = clock_timestamp(), updated_at = clock_timestamp()
  where s.run_id = any (runs) and s.task_id is null and s.state in ('queued', 'waiting');
  foreach run in array coalesce(runs, '{}') loop
    perform smarteros.settle_provision_run(run);
  end loop;
  return query select unnest(runs);
end
$$;

revoke all on function smarteros.cancel_runs(uuid[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.cancel_runs(uuid[]) to service_role, smarteros_fn;
