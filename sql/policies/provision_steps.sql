alter table public.provision_steps enable row level security;
alter table public.provision_steps force row level security;

create policy provision_steps_read_by_tenant on public.provision_steps for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy provision_steps_insert_by_tenant on public.provision_steps for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy provision_steps_update_by_tenant on public.provision_steps for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_steps from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_steps to authenticated, smarteros_fn;
grant select, insert on public.provision_steps to service_role;
grant update (task_id, state, attempts, external_id, created, duplicates, error_kind, error_message, remedy, next_attempt_at,
  started_at, finished_at, updated_at) on public.provision_steps to service_role;
grant insert (run_id, tenant_id, vendor, action) on public.provision_steps to smarteros_fn;
-- Columns of smarteros.follow_task, which runs as the role that ends a task.
grant update (task_id, state, attempts, external_id, created, duplicates, error_kind, error_message, remedy, next_attempt_at,
  started_at, finished_at, updated_at) on public.provision_steps to smarteros_fn;
