-- Figures of calls as callers read them, of counts of bins in any order.
create or replace function smarteros.call_figures(p_calls numeric, p_errors numeric, p_limited numeric, p_bins smallint[], p_counts bigint[])
returns jsonb
language sql immutable set search_path = ''
as $$
  select jsonb_build_object(
    'calls', coalesce(p_calls, 0), 'errors', coalesce(p_errors, 0), 'limited', coalesce(p_limited, 0),
    'p50', round(smarteros.bin_ms(min(running.bin) filter (where running.up_to >= 0.5 * running.of))::numeric, 1),
    'p95', round(smarteros.bin_ms(min(running.bin) filter (where running.up_to >= 0.95 * running.of))::numeric, 1),
    'p99', round(smarteros.bin_ms(min(running.bin) filter (where running.up_to >= 0.99 * running.of))::numeric, 1)
  )
  from (
    select pair.bin, sum(pair.calls::float8) over (order by pair.bin) as up_to, sum(pair.calls::float8) over () as of
    from unnest(p_bins, p_counts) as pair (bin, calls)
  ) running
$$;

revoke all on function smarteros.call_figures(numeric, numeric, numeric, smallint[], bigint[])
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.call_figures(numeric, numeric, numeric, smallint[], bigint[]) to authenticated;
