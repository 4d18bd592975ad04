alter table smarteros.partition_move enable row level security;
alter table smarteros.partition_move force row level security;

revoke all on smarteros.partition_move from public, anon, authenticated, service_role, smarteros_fn;
