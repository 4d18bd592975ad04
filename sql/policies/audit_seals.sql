alter table smarteros.audit_seals enable row level security;
alter table smarteros.audit_seals force row level security;

revoke all on smarteros.audit_seals from public, anon, authenticated, service_role, smarteros_fn;
