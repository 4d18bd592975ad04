-- What was seen of services in a time, by moments of a length.
create or replace function smarteros.counted_health(p_services text[], p_from timestamptz, p_to timestamptz, p_step interval)
returns setof smarteros.health_days
language sql stable set search_path = ''
as $$
  with span as materialized (
    select w.service, w.starts_at, w.ends_at from smarteros.maintenance_windows w
    where w.starts_at < p_to and w.ends_at > p_from
  ), seen as materialized (
    select h.service, date_bin(p_step, h.created_at, '2000-01-01 00:00:00+00') as ts, h.status,
      smarteros.latency_bin(h.latency_ms) as bin,
      exists (
        select from span
        where (span.service is null or span.service = h.service)
          and h.created_at >= span.starts_at and h.created_at < span.ends_at
      ) as excluded
    from public.external_health h
    where h.service = any (p_services) and h.created_at >= p_from and h.created_at < p_to
  ), counted as (
    select s.service, s.ts, s.bin, count(*)::integer as rows,
      count(*) filter (where not s.excluded and s.status = 'ok')::integer as ok,
      count(*) filter (where not s.excluded and s.status = 'degraded')::integer as degraded,
      count(*) filter (where not s.excluded and s.status = 'error')::integer as error,
      count(*) filter (where s.excluded)::integer as excluded
    from seen s
    group by 1, 2, 3
  ), summed as (
    select c.service, c.ts, sum(c.ok)::integer as ok, sum(c.degraded)::integer as degraded,
      sum(c.error)::integer as error, sum(c.excluded)::integer as excluded,
      coalesce(array_agg(c.bin order by c.bin) filter (where c.bin is not null and c.ok + c.degraded > 0), '{}') as bins,
      coalesce(array_agg(c.ok + c.degraded order by c.bin) filter (where c.bin is not null and c.ok + c.degraded > 0), '{}')
        as counts
    from counted c
    group by 1, 2
  )
  select s.service, s.ts, s.ok, s.degraded, s.error, s.excluded, s.bins, s.counts,
    smarteros.bin_quantile(s.bins, s.counts, 0.5), smarteros.bin_quantile(s.bins, s.counts, 0.95),
    smarteros.bin_quantile(s.bins, s.counts, 0.99)
  from summed s
$$;

revoke all on function smarteros.counted_health(text[], timestamptz, timestamptz, interval)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.counted_health(text[], timestamptz, timestamptz, interval) to smarteros_fn;
