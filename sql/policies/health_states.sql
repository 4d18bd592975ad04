alter table smarteros.health_states enable row level security;
alter table smarteros.health_states force row level security;

create policy health_states_read on smarteros.health_states for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on smarteros.health_states from public, anon, authenticated, service_role, smarteros_fn;
grant select on smarteros.health_states to smarteros_fn;
