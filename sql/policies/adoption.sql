alter table smarteros.adoption enable row level security;
alter table smarteros.adoption force row level security;

revoke all on smarteros.adoption from public, anon, authenticated, service_role, smarteros_fn;
