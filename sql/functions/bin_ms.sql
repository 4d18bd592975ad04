-- In floating point from the first factor on; as numerics its power took some ten times as long.
create or replace function smarteros.bin_ms(p_bin smallint) returns float8
language sql immutable parallel safe
as $$ select case when p_bin < 0 then 0 else 2 * power(1.01::float8 / 0.99, p_bin) / (1.01::float8 / 0.99 + 1) end $$;

revoke all on function smarteros.bin_ms(smallint) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.bin_ms(smallint) to authenticated, smarteros_fn;
