-- Takes events that no one works on, oldest first. One that failed five times waits for smarteros.retry_events; a worker that
-- dies with an event counts for nothing.
create or replace function public.claim_events(p_limit integer default 20, p_lease interval default '30 seconds')
returns setof public.tenant_events
language sql volatile set search_path = ''
as $$
  update public.tenant_events e
  set claimed_until = now() + p_lease
  from (
    select candidate.id
    from public.tenant_events candidate
    where candidate.processed_at is null
      and candidate.attempts < 5
      and (candidate.claimed_until is null or candidate.claimed_until < now())
    order by candidate.id
    limit least(greatest(p_limit, 1), 1000)
    for update skip locked
  ) claimed
  where e.id = claimed.id
  returning e.*
$$;

revoke all on function public.claim_events(integer, interval)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.claim_events(integer, interval) to service_role;
