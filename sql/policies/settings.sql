alter table smarteros.settings enable row level security;
alter table smarteros.settings force row level security;

revoke all on smarteros.settings from public, anon, authenticated, service_role, smarteros_fn;
