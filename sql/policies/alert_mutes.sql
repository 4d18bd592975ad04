alter table public.alert_mutes enable row level security;
alter table public.alert_mutes force row level security;

create policy alert_mutes_kept_by_admin on public.alert_mutes for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));

create policy alert_mutes_read_audit on public.alert_mutes for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.alert_mutes from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_mutes to authenticated, service_role;
grant select, insert, update on public.alert_mutes to smarteros_fn;
