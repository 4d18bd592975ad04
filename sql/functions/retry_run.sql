-- Gives each failed step of a run a new task with all its attempts; what succeeded stays. Returns false: no such run, it was
-- cancelled, or nothing of it failed.
create or replace function smarteros.retry_run(p_run_id uuid, p_traceparent text default null) returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
  perform 1 from public.provision_runs r where r.id = p_run_id and r.cancelled_at is null for no key update;
  if not found then
    return false;
  end if;
  update public.provision_steps s
  set state = 'queued', attempts = 0, next_attempt_at = null, finished_at = null, updated_at = clock_timestamp(),
    task_id = smarteros.insert_step_task(s.id, s.action, p_traceparent)
  where s.run_id = p_run_id and s.state = 'failed';
  if not found then
    return false;
  end if;
  perform smarteros.settle_provision_run(p_run_id);
  return true;
end
$$;

revoke all on function smarteros.retry_run(uuid, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.retry_run(uuid, text) to service_role, smarteros_fn;
