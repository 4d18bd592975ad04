alter table public.tasks enable row level security;
alter table public.tasks force row level security;

-- Those of a tenant by those who see the tenant, the others by the requester.
create policy tasks_read_by_tenant_or_requester on public.tasks for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
    or (tenant_id is null and requested_by = (select smarteros.subject()))
  )
);

revoke all on public.tasks from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tasks to authenticated;
grant select, insert, delete on public.tasks to service_role;
grant update (state, run_at, due_at, attempts, claim, claimed_by, claimed_at, lease_until, cancel_requested_at, progress, result,
  error, finished_at) on public.tasks to service_role;
