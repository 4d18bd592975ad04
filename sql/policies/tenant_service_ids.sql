alter table public.tenant_service_ids enable row level security;
alter table public.tenant_service_ids force row level security;

create policy tenant_service_ids_read_by_tenant on public.tenant_service_ids for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.tenant_service_ids from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tenant_service_ids to authenticated, smarteros_fn;
grant select, insert on public.tenant_service_ids to service_role;
grant update (external_id) on public.tenant_service_ids to service_role;
