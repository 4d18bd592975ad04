-- (1 + 1 %) / (1 - 1 %): how much wider each bin is than the one before. Without a search path of their own, because such
-- a function is called for each row instead of written into the query.
create or replace function smarteros.latency_bin(p_ms integer) returns smallint
language sql immutable parallel safe
as $$ select case when p_ms < 1 then -1 else ceil(ln(p_ms::float8) / ln(1.01 / 0.99)) end::smallint $$;

revoke all on function smarteros.latency_bin(integer) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.latency_bin(integer) to authenticated, smarteros_fn;
