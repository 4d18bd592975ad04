-- Cancels what waits of a run. What is under way goes on to its end, so that no one loses sight of what it creates. Returns
-- false: no such run, or it is over. Locks the run, then the queues, then the tasks, as every other writer does.
create or replace function smarteros.cancel_run(p_run_id uuid) returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
  waiting record;
begin
  update public.provision_runs r
  set cancelled_at = coalesce(r.cancelled_at, now())
  where r.id = p_run_id and r.finished_at is null;
  if not found then
    return false;
  end if;
  perform 1 from public.task_queues q
  where q.name in (select s.vendor from public.provision_steps s where s.run_id = p_run_id)
  order by q.name for update;
  for waiting in
    select t.id, t.state, t.queue, t.fair_key, t.priority
    from public.provision_steps s join public.tasks t on t.id = s.task_id
    where s.run_id = p_run_id and t.state in ('scheduled', 'queued')
    -- A task that another transaction changes follows its run by itself.
    for update of t skip locked
  loop
    update public.tasks t
    set state = 'cancelled', cancel_requested_at = clock_timestamp(), finished_at = clock_timestamp()
    where t.id = waiting.id;
    if waiting.state = 'queued' then
      perform smarteros.leave_line(waiting.queue, waiting.fair_key, waiting.priority);
    end if;
  end loop;
  update public.provision_steps s
  set state = 'cancelled', next_attempt_at = null, finished_at = clock_timestamp(), updated_at = clock_timestamp()
  where s.run_id = p_run_id and s.task_id is null and s.state in ('queued', 'waiting');
  perform smarteros.settle_provision_run(p_run_id);
  return true;
end
$$;

revoke all on function smarteros.cancel_run(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.cancel_run(uuid) to service_role, smarteros_fn;
