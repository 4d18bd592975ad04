-- Ends tasks with success and enqueues their follow-ups in the same transaction. `p_ended` is [{"id", "claim", "result"?,
-- "follow_ups"?}]; follow-ups have the fields of smarteros.insert_tasks. Returns the ids of those that count: the token must be
-- that of the last claim. It still counts after the lease ran out if no worker claimed the task again, and a second time.
create or replace function public.complete_tasks(p_ended jsonb) returns setof uuid
language plpgsql volatile set search_path = ''
as $$
declare
  ended record;
  task public.tasks;
begin
  for ended in
    select it.* from jsonb_to_recordset(p_ended) as it (id uuid, claim uuid, result jsonb, follow_ups jsonb)
    order by it.id
  loop
    select t.* into task from public.tasks t where t.id = ended.id and t.claim = ended.claim for update;
    continue when not found or task.state in ('cancelled', 'expired');
    if task.state <> 'succeeded' then
      update public.tasks t
      set state = 'succeeded', result = ended.result, error = null, lease_until = null, finished_at = clock_timestamp()
      where t.id = task.id;
      update public.task_queues q set failures = 0, open_until = null where q.name = task.queue and q.failures > 0;
      if task.state = 'queued' then
        perform smarteros.leave_line(task.queue, task.fair_key, task.priority);
      end if;
      if jsonb_array_length(ended.follow_ups) > 0 then
        perform smarteros.insert_tasks(ended.follow_ups, task.id);
      end if;
    end if;
    return next task.id;
  end loop;
end
$$;

revoke all on function public.complete_tasks(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.complete_tasks(jsonb) to service_role;
