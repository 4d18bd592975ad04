alter table public.provision_runs enable row level security;
alter table public.provision_runs force row level security;

create policy provision_runs_read_by_tenant on public.provision_runs for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_runs from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_runs to authenticated;
grant select, insert on public.provision_runs to service_role;
grant update (state, started_at, cancelled_at, finished_at) on public.provision_runs to service_role;
