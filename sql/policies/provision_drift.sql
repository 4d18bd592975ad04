alter table public.provision_drift enable row level security;
alter table public.provision_drift force row level security;

create policy provision_drift_read_by_tenant on public.provision_drift for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_drift from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_drift to authenticated, smarteros_fn;
grant select, insert on public.provision_drift to service_role;
grant update (kind, external_id, seen_name, found_at, resolved_at) on public.provision_drift to service_role;
