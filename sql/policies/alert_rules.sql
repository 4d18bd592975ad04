alter table public.alert_rules enable row level security;
alter table public.alert_rules force row level security;

create policy alert_rules_kept_by_admin on public.alert_rules for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));

create policy alert_rules_read_audit on public.alert_rules for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.alert_rules from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_rules to authenticated, service_role;
grant select, insert, update, delete on public.alert_rules to smarteros_fn;
