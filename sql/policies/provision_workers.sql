alter table public.provision_workers enable row level security;
alter table public.provision_workers force row level security;

revoke all on public.provision_workers from public, anon, authenticated, service_role, smarteros_fn;
grant select, insert on public.provision_workers to service_role;
grant update (id, seen_at, recovered_at) on public.provision_workers to service_role;
