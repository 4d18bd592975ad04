alter table smarteros.adopted_rows enable row level security;
alter table smarteros.adopted_rows force row level security;

revoke all on smarteros.adopted_rows from public, anon, authenticated, service_role, smarteros_fn;
