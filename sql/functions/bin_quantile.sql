create or replace function smarteros.bin_quantile(p_bins smallint[], p_counts integer[], p_quantile float8) returns integer
language sql immutable set search_path = ''
as $$
  select round(smarteros.bin_ms(min(r.bin)))::integer
  from (
    select pair.bin, sum(pair.calls) over (order by pair.bin) as up_to, sum(pair.calls) over () as of
    from unnest(p_bins, p_counts) as pair (bin, calls)
  ) r
  where r.up_to >= p_quantile * r.of
$$;

revoke all on function smarteros.bin_quantile(smallint[], integer[], float8)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.bin_quantile(smallint[], integer[], float8) to smarteros_fn;
