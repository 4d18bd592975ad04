alter table smarteros.rows_in_review enable row level security;
alter table smarteros.rows_in_review force row level security;

revoke all on smarteros.rows_in_review from public, anon, authenticated, service_role, smarteros_fn;
