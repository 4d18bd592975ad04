-- Makes the task of a step, which a later claim puts in line: a lock of the line here could wait for a claim that waits for
-- the run. What a person requested comes before what an event did. Returns its id.
create or replace function smarteros.insert_step_task(p_step_id uuid, p_kind text, p_traceparent text default null) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
  task uuid;
  vendor text;
begin
  insert into public.tasks (queue, kind, tenant_id, fair_key, priority, payload, max_attempts, requested_by, traceparent)
  select s.vendor, p_kind, s.tenant_id, t.clerk_user_id, case when r.event_id is null then 1 else 2 end,
    jsonb_build_object('run_id', s.run_id), q.max_attempts, r.requested_by, p_traceparent
  from public.provision_steps s
  join public.provision_runs r on r.id = s.run_id
  join public.tenants t on t.id = s.tenant_id
  join public.task_queues q on q.name = s.vendor
  where s.id = p_step_id
  returning id, queue into task, vendor;
  perform smarteros.wake_workers(array[vendor]);
  return task;
end
$$;

revoke all on function smarteros.insert_step_task(uuid, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.insert_step_task(uuid, text, text) to service_role, smarteros_fn;
