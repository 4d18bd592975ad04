alter table public.alert_targets enable row level security;
alter table public.alert_targets force row level security;

create policy alert_targets_kept_by_admin on public.alert_targets for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));

create policy alert_targets_read_audit on public.alert_targets for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.alert_targets from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_targets to authenticated, service_role;
grant select, insert, update on public.alert_targets to smarteros_fn;
