alter table public.tenant_events enable row level security;
alter table public.tenant_events force row level security;

-- The policy of tenants holds inside the subquery as well.
create policy tenant_events_read_by_tenant on public.tenant_events for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

-- No owner to compare: a change made in the SQL editor has no token, and its event must be written all the same. Only the
-- function of the trigger writes as smarteros_fn, and no one can call a trigger function.
create policy tenant_events_written_by_trigger on public.tenant_events for insert to smarteros_fn
with check (attempts = 0 and processed_at is null and last_error is null);

revoke all on sequence public.tenant_events_id_seq from public, anon, authenticated, service_role, smarteros_fn;
revoke all on public.tenant_events from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tenant_events to authenticated, service_role;
grant insert (type, tenant_id, payload) on public.tenant_events to smarteros_fn;
grant update (attempts, processed_at, last_error, claimed_until) on public.tenant_events to service_role;
