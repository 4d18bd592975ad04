alter table public.tasks enable row level security;
alter table public.tasks force row level security;

-- Those of a tenant by those who see the tenant, the others by the requester.
create policy tasks_read_by_tenant_or_requester on public.tasks for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
    or (tenant_id is null and requested_by = (select smarteros.subject()))
  )
);

create policy tasks_insert_by_tenant on public.tasks for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy tasks_update_by_tenant on public.tasks for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

-- A comparison of all tenants of the requester.
create policy tasks_insert_of_requester on public.tasks for insert to smarteros_fn
with check (
  (select smarteros.can('write')) and queue = 'requests' and kind = 'reconcile' and tenant_id is null
  and requested_by = (select smarteros.subject())
);

create policy tasks_update_of_requester on public.tasks for update to smarteros_fn
using (
  (select smarteros.can('write')) and queue = 'requests' and kind = 'reconcile' and tenant_id is null
  and requested_by = (select smarteros.subject())
);

-- The health of vendors is the same for every caller.
create policy tasks_select_health on public.tasks for select to smarteros_fn
using ((select smarteros.can('read')) and queue = 'requests' and kind = 'health' and tenant_id is null and requested_by = 'system');

create policy tasks_insert_health on public.tasks for insert to smarteros_fn
with check ((select smarteros.can('read')) and queue = 'requests' and kind = 'health' and tenant_id is null and requested_by = 'system');

create policy tasks_update_health on public.tasks for update to smarteros_fn
using ((select smarteros.can('read')) and queue = 'requests' and kind = 'health' and tenant_id is null and requested_by = 'system');

revoke all on public.tasks from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tasks to authenticated, smarteros_fn;
grant select, insert, delete on public.tasks to service_role;
grant update (state, run_at, due_at, attempts, claim, claimed_by, claimed_at, lease_until, cancel_requested_at, progress, result,
  error, finished_at) on public.tasks to service_role;
grant insert (queue, kind, tenant_id, fair_key, priority, payload, deadline_at, max_attempts, dedupe_key, requested_by,
  traceparent) on public.tasks to smarteros_fn;
grant update (state, cancel_requested_at, result, error, finished_at) on public.tasks to smarteros_fn;
