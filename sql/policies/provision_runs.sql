alter table public.provision_runs enable row level security;
alter table public.provision_runs force row level security;

create policy provision_runs_read_by_tenant on public.provision_runs for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

-- What users request and cancel.
create policy provision_runs_insert_by_tenant on public.provision_runs for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy provision_runs_update_by_tenant on public.provision_runs for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_runs from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_runs to authenticated, smarteros_fn;
grant select, insert on public.provision_runs to service_role;
grant update (state, started_at, cancelled_at, finished_at) on public.provision_runs to service_role;
grant insert (tenant_id, requested_by, event_id, request_id) on public.provision_runs to smarteros_fn;
grant update (state, started_at, cancelled_at, finished_at) on public.provision_runs to smarteros_fn;
