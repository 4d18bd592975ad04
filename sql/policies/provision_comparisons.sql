alter table public.provision_comparisons enable row level security;
alter table public.provision_comparisons force row level security;

create policy provision_comparisons_read_by_tenant on public.provision_comparisons for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_comparisons from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_comparisons to authenticated, smarteros_fn;
grant select, insert on public.provision_comparisons to service_role;
grant update (compared_at) on public.provision_comparisons to service_role;
