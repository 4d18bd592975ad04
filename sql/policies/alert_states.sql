alter table public.alert_states enable row level security;
alter table public.alert_states force row level security;

create policy alert_states_read_audit on public.alert_states for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.alert_states from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_states to authenticated, service_role;
