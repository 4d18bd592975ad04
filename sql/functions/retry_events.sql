-- Gives events of tenants that failed too often all their attempts again. Returns how many there were.
create or replace function public.retry_events(p_tenants uuid[]) returns integer
language sql volatile set search_path = ''
as $$
  with retried as (
    update public.tenant_events e set attempts = 0, claimed_until = null
    where e.tenant_id = any (p_tenants) and e.processed_at is null and e.attempts >= 5
    returning 1
  )
  select count(*)::integer from retried
$$;

revoke all on function public.retry_events(uuid[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.retry_events(uuid[]) to service_role;
