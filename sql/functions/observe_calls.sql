-- Calls, failures and slow calls by tool, of windows that end now: [{minutes, tool, calls, failed, slow}]. Whole hours
-- that are counted come from the roll-ups, the rest from the calls. A caller's mistake is no failure, a call that
-- the limit turned away is none at all, and what users report themselves opens and hides nothing. A latency is known to 1 %.
create or replace function smarteros.observe_calls(p_minutes integer[], p_slow_ms integer[], p_now timestamptz) returns jsonb
language sql stable set search_path = '' set timezone = 'UTC'
as $$
  with bounds as (
    select m.minutes, p_now - make_interval(mins => m.minutes) as since,
      date_trunc('hour', p_now - make_interval(mins => m.minutes) + interval '1 hour' - interval '1 microsecond') as hours_from,
      least(date_trunc('hour', p_now), coalesce(smarteros.rolled_up_until(), '-infinity')) as hours_to
    from (select distinct unnest(p_minutes) as minutes) m
  ), windows as (
    select b.minutes, b.since,
      case when b.hours_to > b.hours_from then b.hours_from else p_now end as hours_from,
      case when b.hours_to > b.hours_from then b.hours_to else p_now end as hours_to
    from bounds b
  ), threshold as materialized (
    select slow_ms, smarteros.latency_bin(slow_ms) as bin from (select distinct unnest(p_slow_ms) as slow_ms) t
  ), span as (
    select w.minutes, w.since as since, w.hours_from as until from windows w
    union all
    select w.minutes, w.hours_to, p_now from windows w
  ), raw as materialized (
    select s.minutes, i.tool, i.duration_ms
    from span s
    join public.mcp_invocations i on i.created_at >= s.since and i.created_at < s.until
    where i.code is distinct from 'rate_limited' and i.recorded_by = 'service'
  ), rolled as materialized (
    select w.minutes, r.tool, r.calls, r.bins, r.counts
    from windows w
    join public.call_rollups r on r.resolution = 'hour' and r.scope = 'all' and r.scope_key = '' and r.tool <> ''
      and r.ts >= w.hours_from and r.ts < w.hours_to
  ), counted as (
    select c.minutes, c.tool, sum(c.calls) as calls
    from (
      select r.minutes, r.tool, count(*) as calls from raw r group by 1, 2
      union all
      select r.minutes, r.tool, sum(r.calls) from rolled r group by 1, 2
    ) c
    group by 1, 2
  ), slow as (
    select c.minutes, c.tool, jsonb_object_agg(c.slow_ms::text, c.calls) as slow
    from (
      select p.minutes, p.tool, p.slow_ms, sum(p.calls) as calls
      from (
        select r.minutes, r.tool, t.slow_ms, count(*) filter (where r.duration_ms > t.slow_ms) as calls
        from raw r cross join threshold t
        group by 1, 2, 3
        union all
        -- Bins stand in order: the counts of those above the threshold's are the end of the list.
        select r.minutes, r.tool, t.slow_ms,
          sum((select coalesce(sum(n), 0) from unnest(r.counts[width_bucket(t.bin, r.bins) + 1:]) n))
        from rolled r cross join threshold t
        where cardinality(r.bins) > 0
        group by 1, 2, 3
      ) p
      group by 1, 2, 3
    ) c
    group by 1, 2
  ), failed as (
    select w.minutes, i.tool, count(*) as failed
    from windows w
    join public.mcp_invocations i on i.created_at >= w.since and i.created_at < p_now
    where i.code in ('internal', 'upstream_error', 'upstream_timeout', 'deadline_exceeded', 'unavailable')
      and i.recorded_by = 'service'
    group by 1, 2
  )
  select coalesce(
    jsonb_agg(
      jsonb_build_object('minutes', c.minutes, 'tool', c.tool, 'calls', c.calls, 'failed', coalesce(f.failed, 0),
        'slow', coalesce(s.slow, '{}'))
    ),
    '[]'
  )
  from counted c
  left join failed f on f.minutes = c.minutes and f.tool = c.tool
  left join slow s on s.minutes = c.minutes and s.tool = c.tool
$$;

revoke all on function smarteros.observe_calls(integer[], integer[], timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;
