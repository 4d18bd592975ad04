-- The health of all services, or of one, over so many days that end today (UTC): by the hour for one day, else by the day.
-- A moment is in error when an incident touches it, degraded when something else was amiss. Latencies in ms, of good
-- answers; uptime is the share of good answers, maintenance left out. `countedFrom` is the first day from which on every day
-- is counted, where days before it are not yet: counting takes the newest first.
create or replace function public.health_timeline(p_days integer default 90, p_service text default null) returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  by_hour constant boolean := p_days = 1;
  step constant interval := case when by_hour then interval '1 hour' else interval '1 day' end;
  until constant timestamptz := now();
  since timestamptz;
  names text[];
  answer jsonb;
begin
  perform smarteros.require('read');
  if p_days is null or p_days not between 1 and 90 then
    raise exception 'p_days must be 1 to 90' using errcode = '23514', constraint = 'p_days_range';
  end if;
  since := case when by_hour then date_trunc('hour', until) - interval '23 hours'
    else date_trunc('day', until) - make_interval(days => p_days - 1) end;
  names := array(
    select distinct d.service from smarteros.health_days d
    where d.ts >= date_trunc('day', since) and (p_service is null or d.service = p_service)
  );
  with slot as materialized (
    select d.* from smarteros.health_days d where not by_hour and d.service = any (names) and d.ts >= since
    union all
    select c.* from smarteros.counted_health(case when by_hour then names else '{}' end, since, until, step) c
  ), incident as materialized (
    select i.* from smarteros.health_incidents i
    where coalesce(i.ended_at, 'infinity') > since and (p_service is null or i.service = p_service)
  ), bar as (
    select s.service, jsonb_agg(jsonb_build_object(
      'at', s.ts,
      'state', case
        when exists (select from incident i where i.service = s.service and i.started_at < s.ts + step
          and coalesce(i.ended_at, 'infinity') > s.ts) then 'error'
        when s.degraded + s.error > 0 then 'degraded'
        when s.ok > 0 then 'ok' else 'maintenance' end,
      'samples', s.ok + s.degraded + s.error,
      'uptime', round((s.ok + s.degraded)::numeric / nullif(s.ok + s.degraded + s.error, 0), 6),
      'p50', s.p50, 'p95', s.p95, 'p99', s.p99
    ) order by s.ts) as bars,
    sum(s.ok + s.degraded) as good, sum(s.ok + s.degraded + s.error) as samples
    from slot s
    group by 1
  ), sketch as (
    select b.service, array_agg(b.bin order by b.bin) as bins, array_agg(b.calls order by b.bin) as counts
    from (
      select s.service, pair.bin, sum(pair.calls)::integer as calls
      from slot s cross join lateral unnest(s.bins, s.counts) as pair (bin, calls)
      group by 1, 2
    ) b
    group by 1
  ), line as (
    select s.service, b.good::numeric / nullif(b.samples, 0) as uptime,
      case
        when smarteros.in_maintenance(s.service, until) then 'maintenance'
        when s.incident_id is not null then 'error'
        when last.status = 'ok' then 'ok' else 'degraded' end as state,
      last.status, last.latency_ms, last.error_message, last.created_at,
      b.bars, coalesce(b.samples, 0) as samples, k.bins, k.counts
    from smarteros.health_states s
    cross join lateral (
      select h.status, h.latency_ms, h.error_message, h.created_at from public.external_health h
      where h.service = s.service order by h.created_at desc limit 1
    ) last
    left join bar b on b.service = s.service
    left join sketch k on k.service = s.service
    where s.service = any (names)
  )
  select jsonb_build_object(
    'from', since,
    'to', until,
    'step', case when by_hour then 'hour' else 'day' end,
    'countedFrom', (
      select max(u.ts) + interval '1 day' from smarteros.health_uncounted u
      where not by_hour and u.ts >= since and u.ts < date_trunc('day', until) and (p_service is null or u.service = p_service)
    ),
    -- The worst first.
    'services', coalesce((
      select jsonb_agg(jsonb_build_object(
        'service', l.service, 'state', l.state, 'status', l.status, 'checkedAt', l.created_at,
        'latencyMs', l.latency_ms, 'error', l.error_message, 'samples', l.samples, 'uptime', round(l.uptime, 6),
        'p50', smarteros.bin_quantile(l.bins, l.counts, 0.5),
        'p95', smarteros.bin_quantile(l.bins, l.counts, 0.95),
        'p99', smarteros.bin_quantile(l.bins, l.counts, 0.99),
        'bars', coalesce(l.bars, '[]')
      ) order by array_position('{error,degraded,maintenance,ok}', l.state), l.uptime, l.service)
      from line l), '[]'),
    'incidents', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', i.id, 'service', i.service, 'from', i.started_at, 'to', i.ended_at, 'failures', i.failures,
        'reason', i.reason
      ) order by i.started_at desc)
      from (select i.* from incident i order by i.started_at desc limit 100) i), '[]'),
    'windows', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', w.id, 'service', w.service, 'from', w.starts_at, 'to', w.ends_at, 'reason', w.reason
      ) order by w.starts_at desc)
      from (
        select w.* from smarteros.maintenance_windows w
        where w.ends_at > since and w.ends_at > w.starts_at
          and (p_service is null or w.service is null or w.service = p_service)
        order by w.starts_at desc limit 100
      ) w), '[]')
  ) into answer;
  return answer;
end
$$;

revoke all on function public.health_timeline(integer, text) from public, anon, authenticated, service_role;
grant execute on function public.health_timeline(integer, text) to authenticated;
alter function public.health_timeline(integer, text) owner to smarteros_fn;
