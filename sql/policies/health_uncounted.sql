alter table smarteros.health_uncounted enable row level security;
alter table smarteros.health_uncounted force row level security;

revoke all on smarteros.health_uncounted from public, anon, authenticated, service_role, smarteros_fn;
