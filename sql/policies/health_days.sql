alter table smarteros.health_days enable row level security;
alter table smarteros.health_days force row level security;

create policy health_days_read on smarteros.health_days for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on smarteros.health_days from public, anon, authenticated, service_role, smarteros_fn;
grant select on smarteros.health_days to smarteros_fn;
