-- Gives failed steps of a run new tasks with all their attempts: in a cancelled run those that failed to be undone; what is
-- done stays. `p_vendor` and `p_error` choose steps by vendor and by kind of failure. Returns false: no such run, or nothing of
-- it failed.
create or replace function smarteros.retry_run(
  p_run_id uuid, p_traceparent text default null, p_vendor text default null, p_error text default null
) returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
  cancelled boolean;
begin
  select r.cancelled_at is not null into cancelled from public.provision_runs r where r.id = p_run_id for no key update;
  update public.provision_steps s
  set state = case when cancelled then 'succeeded' else 'queued' end, attempts = case when cancelled then s.attempts else 0 end,
    next_attempt_at = null, finished_at = case when cancelled then s.finished_at end, updated_at = clock_timestamp(),
    task_id = smarteros.insert_step_task(s.id, case when cancelled then 'undo' else s.action end, p_traceparent)
  where s.run_id = p_run_id and s.state = case when cancelled then 'undo_failed' else 'failed' end
    and (p_vendor is null or s.vendor = p_vendor) and (p_error is null or s.error_kind = p_error);
  if not found then
    return false;
  end if;
  perform smarteros.settle_provision_run(p_run_id);
  return true;
end
$$;

revoke all on function smarteros.retry_run(uuid, text, text, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.retry_run(uuid, text, text, text) to service_role, smarteros_fn;
