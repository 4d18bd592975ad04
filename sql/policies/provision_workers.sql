alter table public.provision_workers enable row level security;
alter table public.provision_workers force row level security;

-- When a worker was last there is the same for every caller.
create policy provision_workers_read on public.provision_workers for select to smarteros_fn using (true);

revoke all on public.provision_workers from public, anon, authenticated, service_role, smarteros_fn;
grant select, insert on public.provision_workers to service_role;
grant select on public.provision_workers to smarteros_fn;
grant delete on public.provision_workers to service_role;
grant update (seen_at) on public.provision_workers to service_role;
