alter table smarteros.retention enable row level security;
alter table smarteros.retention force row level security;

revoke all on smarteros.retention from public, anon, authenticated, service_role, smarteros_fn;
