alter table smarteros.rollup_progress enable row level security;
alter table smarteros.rollup_progress force row level security;

revoke all on smarteros.rollup_progress from public, anon, authenticated, service_role, smarteros_fn;
