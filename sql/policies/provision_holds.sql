alter table public.provision_holds enable row level security;
alter table public.provision_holds force row level security;

create policy provision_holds_read_by_tenant on public.provision_holds for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

-- Rows of resolve_tenant: what was in review is held as well.
create policy provision_holds_written_by_resolve on public.provision_holds for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and tenant_id in (
    select t.id from public.tenants t
    where t.clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants())
  )
);

create policy provision_holds_update_by_tenant on public.provision_holds for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_holds from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_holds to authenticated, smarteros_fn;
grant select on public.provision_holds to service_role;
grant update (released_at) on public.provision_holds to service_role;
grant insert on public.provision_holds to smarteros_fn;
grant update (released_at) on public.provision_holds to smarteros_fn;
