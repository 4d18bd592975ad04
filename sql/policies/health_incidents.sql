alter table smarteros.health_incidents enable row level security;
alter table smarteros.health_incidents force row level security;

create policy health_incidents_read on smarteros.health_incidents for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on smarteros.health_incidents from public, anon, authenticated, service_role, smarteros_fn;
grant select on smarteros.health_incidents to smarteros_fn;
