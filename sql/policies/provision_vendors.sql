alter table public.provision_vendors enable row level security;
alter table public.provision_vendors force row level security;

-- Names of vendors and flags are the same for every caller.
create policy provision_vendors_read on public.provision_vendors for select to authenticated, smarteros_fn
using ((select smarteros.can('read')));

revoke all on public.provision_vendors from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_vendors to authenticated, service_role, smarteros_fn;
grant update (resource_urls) on public.provision_vendors to service_role;
