-- Summing up calls: what is counted by the hour serves users, tenants and tools as well; the time before is as long as the
-- time itself; who calls most is asked for apart, so that a page waits for neither after the other. Counts go some time
-- after their calls. The audit log is searched for the errors that are counted as such, too, and a vacuum on days that
-- expire holds up nobody who writes.

-- A pass of the counting that began before this would go on after it by the old rules, and count no week that it ends.
select pg_advisory_xact_lock(hashtextextended('smarteros.roll_up_calls', 0));

create index call_rollups_ts_idx on public.call_rollups using brin (ts) with (pages_per_range = 16);

-- Weeks (UTC, from Monday) of what is ranked and compared: everybody's calls by tool, users' and tenants' for all tools
-- together. A month is then some ten rows instead of thirty.
alter table public.call_rollups drop constraint call_rollups_resolution_known;
alter table public.call_rollups add constraint call_rollups_resolution_known check (resolution in ('hour', 'day', 'week'));

-- Counts these weeks anew from their days.
create function smarteros.count_weeks(p_weeks timestamptz[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  week timestamptz;
begin
  delete from public.call_rollups r where r.resolution = 'week' and r.ts = any (p_weeks);
  foreach week in array p_weeks loop
    with day as materialized (
      select r.scope, r.scope_key, r.tool, r.calls, r.errors, r.limited, r.bins, r.counts
      from public.call_rollups r
      where r.resolution = 'day' and (r.scope = 'all' or (r.scope in ('user', 'tenant') and r.tool = ''))
        and r.ts >= week and r.ts < week + interval '7 days'
    ), sums as (
      select d.scope, d.scope_key, d.tool, sum(d.calls) as calls, sum(d.errors) as errors, sum(d.limited) as limited
      from day d group by 1, 2, 3
    ), latencies as (
      select bin.scope, bin.scope_key, bin.tool, array_agg(bin.bin order by bin.bin) as bins,
        array_agg(bin.calls::integer order by bin.bin) as counts
      from (
        select pair.scope, pair.scope_key, pair.tool, pair.bin, sum(pair.calls) as calls
        from (select d.scope, d.scope_key, d.tool, unnest(d.bins) as bin, unnest(d.counts) as calls from day d) pair
        group by 1, 2, 3, 4
      ) bin
      group by 1, 2, 3
    )
    insert into public.call_rollups (resolution, scope, scope_key, ts, tool, calls, errors, limited, bins, counts)
    select 'week', s.scope, s.scope_key, week, s.tool, s.calls, s.errors, s.limited,
      coalesce(l.bins, '{}'), coalesce(l.counts, '{}')
    from sums s left join latencies l using (scope, scope_key, tool);
  end loop;
end
$$;

-- A time cut into what is read from where, in this order: calls, hours, days, weeks, days, hours, calls.
create type smarteros.time_cut as (
  hours_from timestamptz,
  days_from timestamptz,
  weeks_from timestamptz,
  weeks_to timestamptz,
  days_to timestamptz,
  hours_to timestamptz
);

-- Whole hours, days and weeks alone are counted ahead, up to some moment; where there are none, or they are not wanted, the
-- next finer stands for them, and in the end the calls.
create function smarteros.cut_time(p_from timestamptz, p_to timestamptz, p_hours boolean, p_days boolean, p_weeks boolean)
returns smarteros.time_cut
language plpgsql stable set search_path = '' set timezone = 'UTC'
as $$
declare
  until constant timestamptz := least(p_to, coalesce(smarteros.rolled_up_until(), '-infinity'));
  cut smarteros.time_cut;
begin
  if p_hours then
    cut.hours_from := date_trunc('hour', p_from + interval '1 hour' - interval '1 microsecond');
    cut.hours_to := date_trunc('hour', until);
  end if;
  if p_days then
    cut.days_from := date_trunc('day', p_from + interval '1 day' - interval '1 microsecond');
    cut.days_to := date_trunc('day', until);
  end if;
  if p_weeks then
    cut.weeks_from := date_trunc('week', p_from + interval '7 days' - interval '1 microsecond');
    cut.weeks_to := date_trunc('week', until);
  end if;
  if not p_hours then
    cut.hours_from := cut.days_from;
    cut.hours_to := cut.days_to;
  end if;
  if cut.hours_from < cut.hours_to is not true then
    cut.hours_from := p_to;
    cut.hours_to := p_to;
  end if;
  if cut.days_from < cut.days_to is not true then
    cut.days_from := cut.hours_to;
    cut.days_to := cut.hours_to;
  end if;
  if cut.weeks_from < cut.weeks_to is not true then
    cut.weeks_from := cut.days_to;
    cut.weeks_to := cut.days_to;
  end if;
  return cut;
end
$$;

-- What of a time is counted ahead, and by what. Without a search path of its own, so that it is written into the query.
create function smarteros.spans(p_cut smarteros.time_cut)
returns table (resolution text, since timestamptz, until timestamptz)
language sql immutable rows 5
as $$
  values ('hour', (p_cut).hours_from, (p_cut).days_from), ('day', (p_cut).days_from, (p_cut).weeks_from),
    ('week', (p_cut).weeks_from, (p_cut).weeks_to), ('day', (p_cut).weeks_to, (p_cut).days_to),
    ('hour', (p_cut).days_to, (p_cut).hours_to)
$$;

-- In floating point from the first factor on; as numerics its power took some ten times as long.
create or replace function smarteros.bin_ms(p_bin smallint) returns float8
language sql immutable parallel safe
as $$ select case when p_bin < 0 then 0 else 2 * power(1.01::float8 / 0.99, p_bin) / (1.01::float8 / 0.99 + 1) end $$;

-- Figures of calls as callers read them, of counts of bins in any order.
create function smarteros.call_figures(p_calls numeric, p_errors numeric, p_limited numeric, p_bins smallint[], p_counts bigint[])
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

-- When the counting begins: of the time before, nobody knows how many calls it had. Null where nothing is counted yet.
create function smarteros.counted_since() returns timestamptz
language sql stable security definer set search_path = ''
as $$
  select min(first.ts)
  from unnest(array['hour', 'day']) as of (resolution)
  cross join lateral (
    select r.ts from public.call_rollups r
    where r.resolution = of.resolution and r.scope = 'all' and r.scope_key = '' and r.tool = ''
    order by r.ts limit 1
  ) first
$$;

-- Counts, error rates and latencies (ms) of a time, in all, by moment and by tool, with the time before it, of the same
-- length by whole hours or days, where all of it was counted. Users see their own calls. `p_step` is the length of a moment
-- in seconds. By the hour calls are counted for everybody's tools, for each user and each tenant; those of a user or tenant
-- by tool are by the day alone, and those of a user about one tenant not at all.
create or replace function public.summarize_calls(
  p_from timestamptz,
  p_to timestamptz,
  p_step integer,
  p_tool text default null,
  p_user text default null,
  p_tenant uuid default null
) returns jsonb
language plpgsql stable security invoker set search_path = '' set timezone = 'UTC'
as $$
declare
  sees_all constant boolean := smarteros.can('audit');
  step constant interval := make_interval(secs => p_step);
  whose text;
  key text;
  is_counted boolean;
  by_hour boolean;
  by_day boolean;
  before_unit interval;
  before_from timestamptz;
  before_to timestamptz;
  -- How the time is cut: for moments, for tools, and the time before.
  moments smarteros.time_cut;
  tools smarteros.time_cut;
  earlier smarteros.time_cut;
  answer jsonb;
begin
  if smarteros.subject() is null or not smarteros.can('read') then
    raise exception 'this needs the capability "read"' using errcode = '42501';
  end if;
  if p_from is null or p_to is null or p_from >= p_to or p_to - p_from > interval '400 days' then
    raise exception 'p_from must be before p_to, by 400 days at most' using errcode = '23514', constraint = 'time_range';
  end if;
  if p_step is null or p_step < 300 or p_step % 300 <> 0 or extract(epoch from p_to - p_from) / p_step > 1000 then
    raise exception 'p_step must be whole five minutes, 1000 of them at most' using errcode = '23514', constraint = 'step_range';
  end if;
  if p_user is not null and p_tenant is not null then
    raise exception 'one user or one tenant' using errcode = '23514', constraint = 'user_or_tenant';
  end if;
  whose := case when p_user is not null or not sees_all then 'user' when p_tenant is not null then 'tenant' else 'all' end;
  -- Somebody else's, for who may not audit, are hidden by row level security.
  key := case whose when 'user' then coalesce(p_user, smarteros.subject()) when 'tenant' then p_tenant::text else '' end;
  is_counted := whose <> 'user' or p_tenant is null;
  by_hour := is_counted and p_step >= 3600 and (whose = 'all' or p_tool is null);
  by_day := is_counted and p_step >= 86400;

  moments := smarteros.cut_time(p_from, p_to, by_hour, by_day, false);
  tools := smarteros.cut_time(p_from, p_to, by_hour and whose = 'all', is_counted and p_step >= 3600, by_hour and whose = 'all');
  before_to := p_from;
  before_from := p_from - (p_to - p_from);
  if by_hour or by_day then
    before_unit := case when by_hour then interval '1 hour' else interval '1 day' end;
    before_to := date_bin(before_unit, p_from, '2000-01-01');
    before_from := before_to - before_unit
      * greatest(1, round(extract(epoch from p_to - p_from) / extract(epoch from before_unit)))::integer;
  end if;
  earlier := smarteros.cut_time(before_from, before_to, by_hour, is_counted and p_step >= 3600, by_hour);

  with raw as materialized (
    -- What is not counted ahead, and what it is for.
    select bin.of_before, bin.of_moments, bin.of_tools, bin.ts, bin.tool, sum(bin.calls) as calls, sum(bin.errors) as errors,
      sum(bin.limited) as limited, array_agg(bin.bin) as bins, array_agg(bin.calls) as counts
    from (
      select i.created_at < p_from as of_before,
        i.created_at >= p_from and not (i.created_at >= moments.hours_from and i.created_at < moments.hours_to) as of_moments,
        i.created_at >= p_from and not (i.created_at >= tools.hours_from and i.created_at < tools.hours_to) as of_tools,
        date_bin(step, i.created_at, '2000-01-01') as ts, i.tool, smarteros.latency_bin(i.duration_ms) as bin,
        count(*) filter (where i.code is distinct from 'rate_limited')::integer as calls,
        count(*) filter (where not i.success and i.code is distinct from 'rate_limited')::integer as errors,
        coalesce(sum(i.calls) filter (where i.code = 'rate_limited'), 0)::integer as limited
      from public.mcp_invocations i
      where ((i.created_at >= p_from and i.created_at < greatest(moments.hours_from, tools.hours_from))
          or (i.created_at >= least(moments.hours_to, tools.hours_to) and i.created_at < p_to)
          or (i.created_at >= before_from and i.created_at < earlier.hours_from)
          or (i.created_at >= earlier.hours_to and i.created_at < before_to))
        and (whose <> 'user' or i.user_id = key)
        and (p_tenant is null or i.tenant_id = p_tenant)
        and (p_tool is null or i.tool = p_tool)
      group by 1, 2, 3, 4, 5, 6
    ) bin
    group by 1, 2, 3, 4, 5
  ), piece as materialized (
    -- All that is added up; of a moment `ts` says which, of a tool `tool`.
    select 'moment' as kind, date_bin(step, r.ts, '2000-01-01') as ts, '' as tool,
      r.calls::bigint, r.errors::bigint, r.limited::bigint, r.bins, r.counts
    from smarteros.spans(moments) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = whose and r.scope_key = key and r.tool = coalesce(p_tool, '')
    union all
    select 'before', null, '', r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(earlier) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = whose and r.scope_key = key and r.tool = coalesce(p_tool, '')
    union all
    select 'tool', null, r.tool, r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(tools) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = whose and r.scope_key = key and case when p_tool is null then r.tool <> '' else r.tool = p_tool end
    union all
    select 'moment', raw.ts, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_moments
    union all
    select 'before', null, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_before
    union all
    select 'tool', null, raw.tool, raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_tools
  ), binned as materialized (
    select pair.kind, pair.ts, pair.tool, pair.bin, sum(pair.calls) as calls
    from (select p.kind, p.ts, p.tool, unnest(p.bins) as bin, unnest(p.counts) as calls from piece p) pair
    where pair.calls > 0
    group by 1, 2, 3, 4
  ), latencies as (
    select b.kind, b.ts, b.tool, array_agg(b.bin) as bins, array_agg(b.calls) as counts
    from (
      select binned.* from binned
      union all
      select 'total', null, '', binned.bin, sum(binned.calls)::bigint from binned where binned.kind = 'moment' group by binned.bin
    ) b
    group by 1, 2, 3
  ), sums as (
    select piece.kind, piece.ts, piece.tool, sum(piece.calls) as calls, sum(piece.errors) as errors, sum(piece.limited) as limited
    from piece group by 1, 2, 3
    union all
    select 'total', null, '', sum(piece.calls), sum(piece.errors), sum(piece.limited) from piece where piece.kind = 'moment'
  ), line as materialized (
    select s.kind, s.ts, s.tool, s.calls, smarteros.call_figures(s.calls, s.errors, s.limited, l.bins, l.counts) as figures
    from sums s left join latencies l on l.kind = s.kind and l.ts is not distinct from s.ts and l.tool = s.tool
  )
  select jsonb_build_object(
    'total', (select l.figures from line l where l.kind = 'total'),
    'before', case when before_from >= smarteros.counted_since() then
      jsonb_build_object('from', before_from, 'to', before_to) || coalesce(
        (select l.figures from line l where l.kind = 'before'), smarteros.call_figures(0, 0, 0, null, null))
    end,
    'moments', coalesce((
      select jsonb_agg(jsonb_build_object('at', l.ts) || l.figures order by l.ts)
      from line l where l.kind = 'moment'), '[]'),
    'tools', coalesce((
      select jsonb_agg(jsonb_build_object('tool', l.tool) || l.figures order by l.calls desc, l.tool)
      from line l where l.kind = 'tool'), '[]'),
    -- How many calls of each moment took less than 10, 30, 100, 300, 1000, 3000 ms, and more.
    'latencies', coalesce((
      select jsonb_agg(jsonb_build_array(heat.ts, heat.band, heat.calls) order by heat.ts, heat.band)
      from (
        select binned.ts, width_bucket(smarteros.bin_ms(binned.bin), array[10, 30, 100, 300, 1000, 3000]::float8[]) as band,
          sum(binned.calls) as calls
        from binned where binned.kind = 'moment' group by 1, 2
      ) heat), '[]'),
    'countedUntil', smarteros.rolled_up_until()
  ) into answer;
  return answer;
end
$$;

-- The users or tenants with the most calls of a time, ten at most, with the figures of their calls. For whoever may audit.
create function public.rank_calls(p_from timestamptz, p_to timestamptz, p_by text, p_tool text default null) returns jsonb
language plpgsql stable security invoker set search_path = '' set timezone = 'UTC'
as $$
declare
  cut smarteros.time_cut;
  answer jsonb;
begin
  if smarteros.subject() is null or not smarteros.can('audit') then
    raise exception 'this needs the capability "audit"' using errcode = '42501';
  end if;
  if p_from is null or p_to is null or p_from >= p_to or p_to - p_from > interval '400 days' then
    raise exception 'p_from must be before p_to, by 400 days at most' using errcode = '23514', constraint = 'time_range';
  end if;
  if p_by in ('user', 'tenant') is not true then
    raise exception 'p_by must be user or tenant' using errcode = '23514', constraint = 'by_known';
  end if;
  cut := smarteros.cut_time(p_from, p_to, p_tool is null, true, p_tool is null);
  with raw as materialized (
    select case p_by when 'user' then i.user_id else i.tenant_id::text end as key, smarteros.latency_bin(i.duration_ms) as bin,
      count(*) filter (where i.code is distinct from 'rate_limited') as calls,
      count(*) filter (where not i.success and i.code is distinct from 'rate_limited') as errors,
      coalesce(sum(i.calls) filter (where i.code = 'rate_limited'), 0) as limited
    from public.mcp_invocations i
    where ((i.created_at >= p_from and i.created_at < cut.hours_from) or (i.created_at >= cut.hours_to and i.created_at < p_to))
      and (p_by = 'user' or i.tenant_id is not null)
      and (p_tool is null or i.tool = p_tool)
    group by 1, 2
  ), top as materialized (
    select sums.key, sum(sums.calls) as calls, sum(sums.errors) as errors, sum(sums.limited) as limited
    from (
      select r.scope_key as key, r.calls, r.errors, r.limited
      from smarteros.spans(cut) span
      join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
      where r.scope = p_by and r.tool = coalesce(p_tool, '')
      union all
      select raw.key, raw.calls, raw.errors, raw.limited from raw
    ) sums
    group by 1
    order by 2 desc, 1
    limit 10
  ), binned as (
    select piece.key, piece.bin, sum(piece.calls) as calls
    from (
      select top.key, unnest(r.bins) as bin, unnest(r.counts) as calls
      from top
      cross join smarteros.spans(cut) span
      cross join lateral (
        -- A few keys of many: each by the index, whatever the planner thinks of their number.
        select r.bins, r.counts
        from public.call_rollups r
        where r.resolution = span.resolution and r.scope = p_by and r.scope_key = top.key and r.tool = coalesce(p_tool, '')
          and r.ts >= span.since and r.ts < span.until
        offset 0
      ) r
      union all
      select raw.key, raw.bin, raw.calls::integer from top join raw using (key) where raw.calls > 0
    ) piece
    group by 1, 2
  ), latencies as (
    select b.key, array_agg(b.bin) as bins, array_agg(b.calls) as counts from binned b group by 1
  )
  select coalesce(jsonb_agg(
    jsonb_build_object('key', top.key) || smarteros.call_figures(top.calls, top.errors, top.limited, l.bins, l.counts)
    order by top.calls desc, top.key), '[]') into answer
  from top left join latencies l using (key);
  return answer;
end
$$;

-- Counts what is not counted yet: hours that have passed, at most `p_at_most` of them, and hours that rows were late for.
-- May be called at any time and any number of times; two at once do not disturb each other. Answers how many hours it
-- counted and whether some are left.
create or replace function public.roll_up_calls(p_at_most integer default 24) returns table (hours integer, more boolean)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  this_hour constant timestamptz := date_trunc('hour', now());
  progress smarteros.rollup_progress;
  begun timestamptz;
  until timestamptz;
  todo timestamptz[];
  days timestamptz[];
  weeks timestamptz[];
begin
  if p_at_most is null or p_at_most not between 1 and 1000 then
    raise exception 'p_at_most must be 1 to 1000' using errcode = '23514', constraint = 'p_at_most_range';
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('smarteros.roll_up_calls', 0)) then
    return query select 0, true;
    return;
  end if;
  select p.* into progress from smarteros.rollup_progress p;
  if not found then
    insert into smarteros.rollup_progress (hours_until, recorded_until)
    values (coalesce((select date_trunc('hour', min(i.created_at)) from public.mcp_invocations i), this_hour), now())
    returning * into progress;
  end if;
  begun := progress.hours_until;
  -- Hours without a call need no row.
  progress.hours_until := least(this_hour, coalesce(
    (select date_trunc('hour', min(i.created_at)) from public.mcp_invocations i where i.created_at >= begun), this_hour));
  until := least(this_hour, progress.hours_until + make_interval(hours => p_at_most));
  -- A row is seen from its commit on, which may be later than its moment: the overlap covers the longest write.
  select coalesce(array_agg(hour), '{}') into todo
  from (
    select generate_series(progress.hours_until, until - interval '1 hour', interval '1 hour') as hour
    union
    select date_trunc('hour', i.created_at)
    from public.mcp_invocations i
    where i.recorded_at >= progress.recorded_until - interval '5 minutes'
      and i.created_at < progress.hours_until
      -- Of older days the rows themselves may be gone: what is counted of them stays.
      and i.created_at >= this_hour - interval '7 days'
  ) due;
  perform smarteros.count_hours(todo);
  -- A day is counted when it has passed, and again when rows were late for it.
  select coalesce(array_agg(distinct date_trunc('day', hour)), '{}') into days
  from (
    select unnest(todo) as hour
    union all
    select begun where date_trunc('day', begun) < begun
  ) counted
  where date_trunc('day', hour) + interval '1 day' <= until;
  perform smarteros.count_days(days);
  -- So is a week, also one whose last days had no calls.
  select coalesce(array_agg(distinct date_trunc('week', day)), '{}') into weeks
  from (select unnest(days) as day union all select begun) counted
  where date_trunc('week', day) + interval '7 days' <= until;
  perform smarteros.count_weeks(weeks);
  -- Once a day, counts of calls that are gone by policy and that no time up to now reaches, nor the time before it.
  if cardinality(days) > 0 then
    delete from public.call_rollups r
    where r.ts < now() - interval '801 days' and r.ts < (select k.kept_from from smarteros.retention k);
  end if;
  update smarteros.rollup_progress p set hours_until = until, recorded_until = now();
  return query select cardinality(todo), until < this_hour;
end
$$;

-- Drops the partitions of days (UTC) that are more than p_days ago, with what fell into the default partition and the
-- intents of those days. Rows under a hold are copied aside first, and leave when the hold is released. May be called at
-- any time, any number of times and side by side. Eight days at least: for a week late rows are counted again.
create or replace function public.drop_expired(p_days integer) returns table (partitions integer, held integer, intents integer)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC' set lock_timeout = '5s'
as $$
declare
  kept_from date;
  expired text[];
  partition text;
begin
  if p_days is null or p_days not between 8 and 36500 then
    raise exception 'p_days must be 8 to 36500' using errcode = '23514', constraint = 'p_days_range';
  end if;
  kept_from := current_date - p_days;
  partitions := 0;
  held := 0;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  expired := array(
    select c.relname::text
    from pg_catalog.pg_inherits h join pg_catalog.pg_class c on c.oid = h.inhrelid
    where h.inhparent = 'public.mcp_invocations'::regclass and c.relname ~ '^mcp_invocations_[0-9]{8}$'
      and to_date(right(c.relname, 8), 'YYYYMMDD') < kept_from
    order by 1
  );
  -- What takes long comes before the lock that everybody waits for; after it, what has come meanwhile. A vacuum gives way
  -- after a second, and keeps off from then on; nobody else waits for this lock.
  foreach partition in array expired loop
    execute format('lock table smarteros.%I in share update exclusive mode', partition);
  end loop;
  if exists (select from public.legal_holds h where h.released_at is null) then
    foreach partition in array expired || 'mcp_invocations_default'::text loop
      held := held + smarteros.hold_rows(partition, kept_from);
    end loop;
  end if;
  if cardinality(expired) > 0 then
    lock table only public.mcp_invocations in access exclusive mode;
    foreach partition in array expired loop
      held := held + smarteros.hold_rows(partition, kept_from);
      execute format('drop table smarteros.%I', partition);
      partitions := partitions + 1;
    end loop;
  end if;
  with gone as (
    delete from smarteros.mcp_invocations_default i where i.created_at < kept_from returning i.*
  ), kept as (
    insert into public.mcp_held_invocations
    select g.* from gone g where smarteros.is_held(g.user_id, g.tenant_id)
    on conflict do nothing
    returning 1
  )
  select held + count(*) into held from kept;
  delete from public.mcp_intents i where i.created_at < kept_from and not smarteros.is_held(i.user_id, i.tenant_id);
  get diagnostics intents = row_count;
  delete from public.mcp_held_invocations i
  where i.created_at < kept_from and not smarteros.is_held(i.user_id, i.tenant_id);
  insert into smarteros.retention as r (kept_from) values (kept_from)
  on conflict (one) do update set kept_from = greatest(r.kept_from, excluded.kept_from);
  return next;
end
$$;

-- Calls by any filter, newest first, keyset paged by the last one's created_at and id; and intents that have been without
-- their invocation for a minute, with the code outcome_unknown. `p_status`: a code, failed for any but success,
-- or error for those of them that ran.
-- Whoever may not audit gets their own.
create or replace function public.search_invocations(
  p_id uuid default null,
  p_user text default null,
  p_tool text default null,
  p_tenant uuid default null,
  p_status text default null,
  p_request_id text default null,
  p_from timestamptz default null,
  p_to timestamptz default null,
  p_before timestamptz default null,
  p_before_id uuid default null,
  p_limit integer default 50
) returns table (id uuid, created_at timestamptz, user_id text, tool text, tenant_id uuid, code text, success boolean,
  duration_ms integer, calls integer, door text, request_id text, trace_id text, redacted boolean, recorded_by text,
  held boolean, args text, result text)
language plpgsql stable security invoker set search_path = ''
as $$
declare
  -- Row level security says the same, but in words that no index answers.
  whose constant text := case when smarteros.can('audit') then p_user else smarteros.subject() end;
  conditions text;
  status text := 'true';
  call_columns constant text := 'r.id, r.created_at, r.user_id, r.tool, r.tenant_id, r.code, r.success, r.duration_ms,
    r.calls, r.door, r.request_id, r.trace_id, r.redacted, r.recorded_by';
  newest constant text := ' order by r.created_at desc, r.id desc limit $11)';
begin
  if p_limit is null or p_limit not between 1 and 1000 then
    raise exception 'p_limit must be 1 to 1000' using errcode = '23514', constraint = 'p_limit_range';
  end if;
  conditions := concat_ws(' and ', 'true',
    case when p_id is not null then 'r.id = $1' end,
    case when whose is not null then 'r.user_id = $2' end,
    case when whose is distinct from p_user and p_user is not null then 'r.user_id = $12' end,
    case when p_tool is not null then 'r.tool = $3' end,
    case when p_tenant is not null then 'r.tenant_id = $4' end,
    case when p_request_id is not null then 'r.request_id = $6' end,
    case when p_from is not null then 'r.created_at >= $7' end,
    case when p_to is not null then 'r.created_at < $8' end,
    case when p_before is not null then '(r.created_at, r.id) < ($9, $10)' end
  );
  if p_status is not null then
    status := case p_status when 'ok' then 'r.success' when 'failed' then 'not r.success'
      when 'error' then 'not r.success and r.code is distinct from ''rate_limited''' else 'r.code = $5' end;
  end if;
  return query execute concat(
    'select * from (',
    case when p_status is distinct from 'outcome_unknown' then
      '(select ' || call_columns || ', false as held, r.args, r.result from public.mcp_invocations r where '
      || conditions || ' and ' || status || newest || ' union all '
      || '(select ' || call_columns || ', true, r.args, r.result from public.mcp_held_invocations r where '
      || conditions || ' and ' || status || newest
    end,
    case when p_status is null then ' union all ' end,
    case when p_status is null or p_status = 'outcome_unknown' then
      '(select r.id, r.created_at, r.user_id, r.tool, r.tenant_id, ''outcome_unknown'', false, null::integer, 1,
        null::text, r.request_id, null::text, false, null::text, false as held, r.args, null::text as result
       from public.mcp_open_intents o join public.mcp_intents r on r.id = o.id
       where r.created_at < now() - interval ''1 minute'' and ' || conditions || newest
    end,
    ') found order by 2 desc, 1 desc limit $11'
  ) using p_id, whose, p_tool, p_tenant, p_status, p_request_id, p_from, p_to, p_before,
    coalesce(p_before_id, '00000000-0000-0000-0000-000000000000'::uuid), p_limit, p_user;
end
$$;

-- Of what is counted already.
select smarteros.count_weeks(array(
  select distinct date_trunc('week', r.ts, 'UTC')
  from public.call_rollups r
  where r.resolution = 'day' and r.scope = 'all' and r.scope_key = '' and r.tool = ''
    and date_trunc('week', r.ts, 'UTC') + interval '7 days' <= smarteros.rolled_up_until()
));

revoke all on function smarteros.count_weeks(timestamptz[]),
  smarteros.cut_time(timestamptz, timestamptz, boolean, boolean, boolean), smarteros.spans(smarteros.time_cut),
  smarteros.call_figures(numeric, numeric, numeric, smallint[], bigint[]), smarteros.counted_since(),
  public.rank_calls(timestamptz, timestamptz, text, text)
  from public, anon, authenticated, service_role;
grant execute on function smarteros.cut_time(timestamptz, timestamptz, boolean, boolean, boolean),
  smarteros.spans(smarteros.time_cut),
  smarteros.call_figures(numeric, numeric, numeric, smallint[], bigint[]), smarteros.counted_since(),
  public.rank_calls(timestamptz, timestamptz, text, text) to authenticated;
