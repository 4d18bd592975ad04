-- Returns the partitions of the audit log with their bounds; the default one has none.
create or replace function smarteros.call_partitions() returns table (name text, from_at timestamptz, to_at timestamptz)
language sql stable set search_path = '' set timezone = 'UTC'
as $$
  select c.relname::text, bound[1]::timestamptz, bound[2]::timestamptz
  from pg_catalog.pg_inherits h
  join pg_catalog.pg_class c on c.oid = h.inhrelid
  cross join lateral regexp_match(
    pg_catalog.pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \(''(.+)''\) TO \(''(.+)''\)'
  ) as bound
  where h.inhparent = 'public.mcp_invocations'::regclass
$$;

revoke all on function smarteros.call_partitions() from public, anon, authenticated, service_role, smarteros_fn;
