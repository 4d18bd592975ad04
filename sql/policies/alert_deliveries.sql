alter table public.alert_deliveries enable row level security;
alter table public.alert_deliveries force row level security;

create policy alert_deliveries_read_audit on public.alert_deliveries for select to authenticated
using ((select smarteros.can('audit')));

create policy alert_deliveries_tested_by_admin on public.alert_deliveries for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));

revoke all on public.alert_deliveries from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_deliveries to authenticated, service_role;
grant select, insert, update on public.alert_deliveries to smarteros_fn;
