alter table public.service_checks enable row level security;
alter table public.service_checks force row level security;

create policy service_checks_read_by_tenant on public.service_checks for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy service_checks_insert_by_tenant on public.service_checks for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy service_checks_delete_by_tenant on public.service_checks for delete to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.service_checks from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.service_checks to authenticated, service_role, smarteros_fn;
grant insert (tenant_id, vendor, item, done_by), delete on public.service_checks to smarteros_fn;
