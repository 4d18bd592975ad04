alter table public.external_health enable row level security;
alter table public.external_health force row level security;

create policy external_health_read_by_known_roles on public.external_health for select to authenticated
using ((select smarteros.can('read')));

create policy external_health_read_for_timeline on public.external_health for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on public.external_health from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.external_health to authenticated, smarteros_fn;
grant select, insert on public.external_health to service_role;
