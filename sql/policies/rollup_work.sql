alter table smarteros.rollup_work enable row level security;
alter table smarteros.rollup_work force row level security;

revoke all on smarteros.rollup_work from public, anon, authenticated, service_role, smarteros_fn;
