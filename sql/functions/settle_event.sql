-- Ends the work on an event: as processed, or with what failed, which counts as an attempt. A failed event is claimed again
-- after its lease.
create or replace function public.settle_event(p_id bigint, p_problem text default null) returns void
language sql volatile set search_path = ''
as $$
  update public.tenant_events e
  set processed_at = case when p_problem is null then clock_timestamp() end,
    attempts = e.attempts + (p_problem is not null)::integer, last_error = left(p_problem, 500)
  where e.id = p_id and e.processed_at is null
$$;

revoke all on function public.settle_event(bigint, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.settle_event(bigint, text) to service_role;
