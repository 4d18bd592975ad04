-- Writes to call_rollups what the query p_source counts: rows (scope, scope_key, tool, bin, calls, errors, limited), with $1
-- and $2 for p_after and p_until. Replaces what stands there. A key never vanishes: the log loses no calls of a time that
-- can still be counted.
create or replace function smarteros.store_rollups(
  p_resolution text, p_ts timestamptz, p_source text, p_after text default null, p_until text default null
) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  execute format(
    'insert into public.call_rollups as r (resolution, scope, scope_key, ts, tool, calls, errors, limited, bins, counts)
     select %L, b.scope, b.scope_key, %L, b.tool, sum(b.calls), sum(b.errors), sum(b.limited),
       coalesce(array_agg(b.bin order by b.bin) filter (where b.calls > 0), ''{}''),
       coalesce(array_agg(b.calls::integer order by b.bin) filter (where b.calls > 0), ''{}'')
     from (
       select s.scope, s.scope_key, s.tool, s.bin, sum(s.calls) as calls, sum(s.errors) as errors, sum(s.limited) as limited
       from (%s) as s (scope, scope_key, tool, bin, calls, errors, limited)
       where s.scope_key is not null
       group by 1, 2, 3, 4
     ) b
     group by b.scope, b.scope_key, b.tool
     on conflict (resolution, scope, scope_key, tool, ts) do update
       set calls = excluded.calls, errors = excluded.errors, limited = excluded.limited, bins = excluded.bins,
         counts = excluded.counts
       where (r.calls, r.errors, r.limited, r.counts)
         is distinct from (excluded.calls, excluded.errors, excluded.limited, excluded.counts)',
    p_resolution, p_ts, p_source
  ) using p_after, p_until;
end
$$;

revoke all on function smarteros.store_rollups(text, timestamptz, text, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
