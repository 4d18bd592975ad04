-- Takes tasks from workers whose leases ran out, at most 100. Their tokens stay: a worker may still report how the attempt
-- ended, unless another claims the task. Called before the row of the queue is locked: what follows a task locks more rows.
create or replace function smarteros.end_leases(p_queue text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  update public.tasks t
  set state = case
      when t.cancel_requested_at is not null then 'cancelled'
      when t.attempts >= t.max_attempts then 'dead'
      else 'scheduled'
    end,
    lease_until = null, run_at = clock_timestamp(),
    finished_at = case when t.cancel_requested_at is not null or t.attempts >= t.max_attempts then clock_timestamp() end,
    error = case
      when t.cancel_requested_at is null and t.attempts >= t.max_attempts then '{"code": "lease_ran_out"}' else t.error
    end
  from (
    select o.id from public.tasks o
    where o.queue = p_queue and o.state = 'running' and o.lease_until < clock_timestamp()
    order by o.lease_until limit 100
    for update skip locked
  ) lapsed
  where t.id = lapsed.id;
end
$$;

revoke all on function smarteros.end_leases(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.end_leases(text) to service_role;
