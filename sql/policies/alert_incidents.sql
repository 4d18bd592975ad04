alter table public.alert_incidents enable row level security;
alter table public.alert_incidents force row level security;

create policy alert_incidents_read_audit on public.alert_incidents for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.alert_incidents from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_incidents to authenticated, service_role;
