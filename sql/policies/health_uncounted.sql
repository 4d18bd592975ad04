alter table smarteros.health_uncounted enable row level security;
alter table smarteros.health_uncounted force row level security;

create policy health_uncounted_read on smarteros.health_uncounted for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on smarteros.health_uncounted from public, anon, authenticated, service_role, smarteros_fn;
grant select on smarteros.health_uncounted to smarteros_fn;
