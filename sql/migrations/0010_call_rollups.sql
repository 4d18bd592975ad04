-- Counts and latencies of calls by the hour and by the day, so that nobody reads ten million rows for a chart. Latencies
-- stand as counts of logarithmic bins: a quantile read from them is at most 1 % off, and bins of any hours, tools or users
-- can be added up, which stored percentiles cannot.

-- When a row arrived here: late ones are found by it.
alter table public.mcp_invocations add column recorded_at timestamptz not null default now();
create index mcp_invocations_recorded_idx on public.mcp_invocations using brin (recorded_at) with (pages_per_range = 16);
-- In order of time whoever called, for pages over everybody's calls and for the counting of one hour.
create index mcp_invocations_newest_idx on public.mcp_invocations (created_at desc, id desc);

-- (1 + 1 %) / (1 - 1 %): how much wider each bin is than the one before. Without a search path of their own, because such
-- a function is called for each row instead of written into the query.
create function smarteros.latency_bin(p_ms integer) returns smallint
language sql immutable parallel safe
as $$ select case when p_ms < 1 then -1 else ceil(ln(p_ms::float8) / ln(1.01 / 0.99)) end::smallint $$;

create function smarteros.bin_ms(p_bin smallint) returns float8
language sql immutable parallel safe
as $$ select case when p_bin < 0 then 0 else 2 * power(1.01 / 0.99, p_bin) / (1.01 / 0.99 + 1) end $$;

create table public.call_rollups (
  resolution text not null,
  -- Whose calls: everybody's, one user's, those about one tenant.
  scope text not null,
  scope_key text not null default '',
  ts timestamptz not null,
  -- '' is all tools together.
  tool text not null,
  -- Calls that were not turned away by the limit; those that were stand in `limited` alone.
  calls integer not null,
  errors integer not null,
  limited integer not null,
  bins smallint[] not null,
  counts integer[] not null,

  primary key (resolution, scope, scope_key, tool, ts),
  constraint call_rollups_resolution_known check (resolution in ('hour', 'day')),
  constraint call_rollups_scope_known check (scope in ('all', 'user', 'tenant')),
  constraint call_rollups_scope_key_given check ((scope = 'all') = (scope_key = '')),
  constraint call_rollups_bins_counted check (cardinality(bins) = cardinality(counts))
);
-- For sums over everybody's users or tenants, without their bins.
create index call_rollups_sums_idx on public.call_rollups (resolution, scope, tool, ts) include (scope_key, calls, errors, limited);

alter table public.call_rollups enable row level security;
alter table public.call_rollups force row level security;

create policy call_rollups_read_own_or_audit on public.call_rollups for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (scope = 'user' and scope_key = (select smarteros.subject()))
    or (select smarteros.can('audit'))
  )
);

-- How far the counting has come. One row.
create table smarteros.rollup_progress (
  one boolean primary key default true check (one),
  -- Hours before this one are counted.
  hours_until timestamptz not null,
  -- Rows that arrived before this moment are accounted for.
  recorded_until timestamptz not null
);
alter table smarteros.rollup_progress enable row level security;
alter table smarteros.rollup_progress force row level security;

revoke all on public.call_rollups, smarteros.rollup_progress from public, anon, authenticated, service_role;
grant select on public.call_rollups to authenticated, service_role;

-- The calls of a time, counted by who, about whom, tool and latency bin.
create function smarteros.counted_calls(p_from timestamptz, p_to timestamptz)
returns table (user_id text, tenant_id uuid, tool text, bin smallint, calls integer, errors integer, limited integer)
language sql stable set search_path = ''
as $$
  select i.user_id, i.tenant_id, i.tool, smarteros.latency_bin(i.duration_ms),
    count(*) filter (where i.code is distinct from 'rate_limited')::integer,
    count(*) filter (where not i.success and i.code is distinct from 'rate_limited')::integer,
    coalesce(sum(i.calls) filter (where i.code = 'rate_limited'), 0)::integer
  from public.mcp_invocations i
  where i.created_at >= p_from and i.created_at < p_to
  group by 1, 2, 3, 4
$$;

-- Counts these hours anew, whatever stood there: everybody's calls by tool, users' and tenants' for all tools together.
-- By user and tool an hour would have about as many rows as it had calls.
create function smarteros.count_hours(p_hours timestamptz[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  hour timestamptz;
begin
  delete from public.call_rollups r where r.resolution = 'hour' and r.ts = any (p_hours);
  foreach hour in array p_hours loop
    insert into public.call_rollups (resolution, scope, scope_key, ts, tool, calls, errors, limited, bins, counts)
    select 'hour', bin.scope, bin.scope_key, hour, bin.tool, sum(bin.calls), sum(bin.errors), sum(bin.limited),
      coalesce(array_agg(bin.bin order by bin.bin) filter (where bin.calls > 0), '{}'),
      coalesce(array_agg(bin.calls order by bin.bin) filter (where bin.calls > 0), '{}')
    from (
      select what.scope, what.scope_key, what.tool, c.bin, sum(c.calls)::integer as calls, sum(c.errors) as errors,
        sum(c.limited) as limited
      from smarteros.counted_calls(hour, hour + interval '1 hour') c
      cross join lateral (
        values ('all', '', c.tool), ('all', '', ''), ('user', c.user_id, ''), ('tenant', c.tenant_id::text, '')
      ) as what (scope, scope_key, tool)
      where what.scope_key is not null
      group by 1, 2, 3, 4
    ) bin
    group by 1, 2, 3, 4, 5;
  end loop;
end
$$;

-- Counts these days (UTC) anew: everybody's calls, users' and tenants', each by tool and for all tools together.
create function smarteros.count_days(p_days timestamptz[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  day timestamptz;
begin
  delete from public.call_rollups r where r.resolution = 'day' and r.ts = any (p_days);
  foreach day in array p_days loop
    insert into public.call_rollups (resolution, scope, scope_key, ts, tool, calls, errors, limited, bins, counts)
    select 'day', bin.scope, bin.scope_key, day, bin.tool, sum(bin.calls), sum(bin.errors), sum(bin.limited),
      coalesce(array_agg(bin.bin order by bin.bin) filter (where bin.calls > 0), '{}'),
      coalesce(array_agg(bin.calls order by bin.bin) filter (where bin.calls > 0), '{}')
    from (
      select what.scope, what.scope_key, what.tool, c.bin, sum(c.calls)::integer as calls, sum(c.errors) as errors,
        sum(c.limited) as limited
      from smarteros.counted_calls(day, day + interval '1 day') c
      cross join lateral (
        values ('all', '', c.tool), ('all', '', ''), ('user', c.user_id, c.tool), ('user', c.user_id, ''),
          ('tenant', c.tenant_id::text, c.tool), ('tenant', c.tenant_id::text, '')
      ) as what (scope, scope_key, tool)
      where what.scope_key is not null
      group by 1, 2, 3, 4
    ) bin
    group by 1, 2, 3, 4, 5;
  end loop;
end
$$;

-- Counts what is not counted yet: hours that have passed, at most `p_at_most` of them, and hours that rows were late for.
-- May be called at any time and any number of times; two at once do not disturb each other. Answers how many hours it
-- counted and whether some are left.
create function public.roll_up_calls(p_at_most integer default 24) returns table (hours integer, more boolean)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  this_hour constant timestamptz := date_trunc('hour', now());
  progress smarteros.rollup_progress;
  begun timestamptz;
  until timestamptz;
  todo timestamptz[];
  days timestamptz[];
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
  update smarteros.rollup_progress p set hours_until = until, recorded_until = now();
  return query select cardinality(todo), until < this_hour;
end
$$;

-- Hours before this moment are counted; null where nothing is yet.
create function smarteros.rolled_up_until() returns timestamptz
language sql stable security definer set search_path = ''
as $$ select p.hours_until from smarteros.rollup_progress p $$;

-- Counts, error rates and latencies (ms) of a time, by tool, by moment and, for who may see everybody's, by user and tenant;
-- with the time of the same length before it. Users see their own calls. `p_step` is the length of a moment in seconds.
-- Whole days and whole hours come from what is counted; the ends of the time, and what is not counted yet, from the calls.
-- What is about one user, one tenant or one tool is counted by the day alone.
create function public.summarize_calls(
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
  counted_until constant timestamptz := coalesce(smarteros.rolled_up_until(), '-infinity');
  by_day constant boolean := p_step >= 86400;
  whose text;
  key text;
  by_hour boolean;
  hours_from timestamptz;
  hours_to timestamptz;
  days_from timestamptz;
  days_to timestamptz;
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
  key := case whose
    when 'user' then case when sees_all then p_user else smarteros.subject() end
    when 'tenant' then p_tenant::text else '' end;
  by_hour := whose = 'all' and p_tool is null and p_step >= 3600;

  days_from := date_trunc('day', p_from + interval '1 day' - interval '1 microsecond');
  days_to := least(date_trunc('day', p_to), date_trunc('day', counted_until));
  hours_from := case when by_hour then date_trunc('hour', p_from + interval '1 hour' - interval '1 microsecond') else days_from end;
  hours_to := case when by_hour then least(date_trunc('hour', p_to), counted_until) else days_to end;
  if days_to <= days_from or not (by_day or by_hour) then
    days_from := hours_to;
    days_to := hours_to;
  end if;
  if hours_to <= hours_from or not (by_day or by_hour) then
    hours_from := p_to;
    hours_to := p_to;
    days_from := p_to;
    days_to := p_to;
  end if;

  with raw as materialized (
    select date_bin('5 minutes', i.created_at, '2000-01-01') as ts, i.user_id, i.tenant_id, i.tool,
      smarteros.latency_bin(i.duration_ms) as bin,
      count(*) filter (where i.code is distinct from 'rate_limited') as calls,
      count(*) filter (where not i.success and i.code is distinct from 'rate_limited') as errors,
      coalesce(sum(i.calls) filter (where i.code = 'rate_limited'), 0) as limited
    from public.mcp_invocations i
    where ((i.created_at >= p_from and i.created_at < least(hours_from, p_to))
        or (i.created_at >= greatest(hours_to, p_from) and i.created_at < p_to))
      and (whose <> 'user' or i.user_id = key)
      and (whose <> 'tenant' or i.tenant_id = p_tenant)
      and (p_tool is null or i.tool = p_tool)
    group by 1, 2, 3, 4, 5
  ), slot as (
    -- The rolled-up rows that are wanted: days where there are whole ones, hours beside them.
    select 'day' as resolution, days_from as since, days_to as until
    union all select 'hour', hours_from, days_from
    union all select 'hour', days_to, hours_to
  ), rolled as materialized (
    select r.ts, r.tool, r.calls, r.errors, r.limited, r.bins, r.counts
    from slot
    join public.call_rollups r on r.resolution = slot.resolution and r.ts >= slot.since and r.ts < slot.until
    where r.scope = whose and r.scope_key = key and case when p_tool is null then r.tool <> '' else r.tool = p_tool end
  ), moment_rolled as materialized (
    -- By moments shorter than a day, the hours of all tools together.
    select r.ts, r.calls, r.errors, r.limited, r.bins, r.counts from rolled r where by_day
    union all
    select r.ts, r.calls, r.errors, r.limited, r.bins, r.counts
    from public.call_rollups r
    where not by_day and r.resolution = 'hour' and r.scope = whose and r.scope_key = key and r.tool = ''
      and r.ts >= hours_from and r.ts < hours_to
  ), before as materialized (
    select r.calls, r.errors, r.limited, r.bins, r.counts
    from public.call_rollups r
    where r.resolution = 'day' and r.scope = whose and r.scope_key = key and r.tool = coalesce(p_tool, '')
      and r.ts >= date_trunc('day', p_from - (p_to - p_from)) and r.ts < date_trunc('day', p_from)
      and p_to - p_from >= interval '1 day'
  ), ranked as (
    select sums.scope, sums.scope_key, sum(sums.calls) as calls, sum(sums.errors) as errors, sum(sums.limited) as limited
    from (
      select r.scope, r.scope_key, r.calls, r.errors, r.limited
      from slot
      join public.call_rollups r on r.resolution = slot.resolution and r.ts >= slot.since and r.ts < slot.until
      where whose = 'all' and r.scope in ('user', 'tenant') and r.tool = coalesce(p_tool, '')
      union all
      select 'user', raw.user_id, raw.calls, raw.errors, raw.limited from raw where whose = 'all'
      union all
      select 'tenant', raw.tenant_id::text, raw.calls, raw.errors, raw.limited from raw
      where whose = 'all' and raw.tenant_id is not null
    ) sums
    group by 1, 2
  ), top as materialized (
    select r.* from (
      select ranked.*, row_number() over (partition by ranked.scope order by ranked.calls desc, ranked.scope_key) as place from ranked
    ) r where r.place <= 10
  ), moment_bin as materialized (
    select date_bin(make_interval(secs => p_step), piece.ts, '2000-01-01') as ts, piece.bin, sum(piece.calls) as calls
    from (
      select m.ts, pair.bin, pair.calls from moment_rolled m cross join lateral unnest(m.bins, m.counts) as pair (bin, calls)
      union all
      select raw.ts, raw.bin, raw.calls from raw where raw.calls > 0
    ) piece
    group by 1, 2
  ), binned as (
    -- Everything that wants quantiles, in one heap: by kind and key.
    select 'total' as kind, '' as key, mb.bin, sum(mb.calls) as calls from moment_bin mb group by 3
    union all
    select 'moment', mb.ts::text, mb.bin, mb.calls from moment_bin mb
    union all
    select 'tool', piece.tool, piece.bin, sum(piece.calls)
    from (
      select r.tool, pair.bin, pair.calls from rolled r cross join lateral unnest(r.bins, r.counts) as pair (bin, calls)
      union all
      select raw.tool, raw.bin, raw.calls from raw where raw.calls > 0
    ) piece
    group by 2, 3
    union all
    select 'before', '', pair.bin, sum(pair.calls)
    from before b cross join lateral unnest(b.bins, b.counts) as pair (bin, calls) group by 3
    union all
    select piece.scope, piece.scope_key, piece.bin, sum(piece.calls)
    from (
      select top.scope, top.scope_key, pair.bin, pair.calls
      from top
      cross join slot
      cross join lateral (
        -- A few keys of many: each by the index, whatever the planner thinks of their number.
        select r.bins, r.counts
        from public.call_rollups r
        where r.resolution = slot.resolution and r.scope = top.scope and r.scope_key = top.scope_key
          and r.tool = coalesce(p_tool, '') and r.ts >= slot.since and r.ts < slot.until
        offset 0
      ) r
      cross join lateral unnest(r.bins, r.counts) as pair (bin, calls)
      union all
      select top.scope, top.scope_key, raw.bin, raw.calls
      from top join raw on raw.user_id = top.scope_key where top.scope = 'user' and raw.calls > 0
      union all
      select top.scope, top.scope_key, raw.bin, raw.calls
      from top join raw on raw.tenant_id::text = top.scope_key where top.scope = 'tenant' and raw.calls > 0
    ) piece
    group by 1, 2, 3
  ), running as (
    select b.kind, b.key, b.bin, sum(b.calls) over w as up_to, sum(b.calls) over (partition by b.kind, b.key) as of
    from binned b
    window w as (partition by b.kind, b.key order by b.bin)
  ), quantile as materialized (
    select r.kind, r.key, jsonb_build_object(
      'p50', round(smarteros.bin_ms(min(r.bin) filter (where r.up_to >= 0.5 * r.of))::numeric, 1),
      'p95', round(smarteros.bin_ms(min(r.bin) filter (where r.up_to >= 0.95 * r.of))::numeric, 1),
      'p99', round(smarteros.bin_ms(min(r.bin) filter (where r.up_to >= 0.99 * r.of))::numeric, 1)
    ) as ms
    from running r
    group by 1, 2
  ), counted as (
    select case when grouping(m.ts) = 1 then 'total' else 'moment' end as kind, coalesce(m.ts::text, '') as key,
      sum(m.calls) as calls, sum(m.errors) as errors, sum(m.limited) as limited
    from (
      select date_bin(make_interval(secs => p_step), piece.ts, '2000-01-01') as ts, piece.calls, piece.errors, piece.limited
      from (
        select m.ts, m.calls, m.errors, m.limited from moment_rolled m
        union all
        select raw.ts, raw.calls, raw.errors, raw.limited from raw
      ) piece
    ) m
    group by grouping sets ((m.ts), ())
    union all
    select 'tool', piece.tool, sum(piece.calls), sum(piece.errors), sum(piece.limited)
    from (
      select r.tool, r.calls, r.errors, r.limited from rolled r
      union all
      select raw.tool, raw.calls, raw.errors, raw.limited from raw
    ) piece
    group by 2
    union all
    select 'before', '', sum(b.calls), sum(b.errors), sum(b.limited) from before b
    union all
    select top.scope, top.scope_key, top.calls, top.errors, top.limited from top
  ), line as materialized (
    select c.kind, c.key, c.calls, jsonb_build_object(
      'calls', coalesce(c.calls, 0), 'errors', coalesce(c.errors, 0), 'limited', coalesce(c.limited, 0),
      'p50', q.ms -> 'p50', 'p95', q.ms -> 'p95', 'p99', q.ms -> 'p99'
    ) as value
    from counted c left join quantile q using (kind, key)
  )
  select jsonb_build_object(
    'total', (select l.value from line l where l.kind = 'total'),
    -- By whole days; null for less than one.
    'before', case when p_to - p_from >= interval '1 day' then (select l.value from line l where l.kind = 'before') end,
    'moments', coalesce((
      select jsonb_agg(jsonb_build_object('at', l.key::timestamptz) || l.value order by l.key::timestamptz)
      from line l where l.kind = 'moment'), '[]'),
    'tools', coalesce((
      select jsonb_agg(jsonb_build_object('tool', l.key) || l.value order by l.calls desc, l.key)
      from line l where l.kind = 'tool'), '[]'),
    'users', coalesce((
      select jsonb_agg(jsonb_build_object('user', l.key) || l.value order by l.calls desc, l.key)
      from line l where l.kind = 'user'), '[]'),
    'tenants', coalesce((
      select jsonb_agg(jsonb_build_object('tenant', l.key) || l.value order by l.calls desc, l.key)
      from line l where l.kind = 'tenant'), '[]'),
    -- How many calls of each moment took less than 10, 30, 100, 300, 1000, 3000 ms, and more.
    'latencies', coalesce((
      select jsonb_agg(jsonb_build_array(heat.ts, heat.band, heat.calls) order by heat.ts, heat.band)
      from (
        select mb.ts, width_bucket(smarteros.bin_ms(mb.bin), array[10, 30, 100, 300, 1000, 3000]::float8[]) as band,
          sum(mb.calls) as calls
        from moment_bin mb group by 1, 2
      ) heat), '[]'),
    'countedUntil', smarteros.rolled_up_until()
  ) into answer;
  return answer;
end
$$;

revoke all on function smarteros.latency_bin(integer), smarteros.bin_ms(smallint),
  smarteros.counted_calls(timestamptz, timestamptz), smarteros.count_hours(timestamptz[]),
  smarteros.count_days(timestamptz[]), public.roll_up_calls(integer), smarteros.rolled_up_until(),
  public.summarize_calls(timestamptz, timestamptz, integer, text, text, uuid)
  from public, anon, authenticated, service_role;
grant execute on function smarteros.latency_bin(integer), smarteros.bin_ms(smallint), smarteros.rolled_up_until(),
  public.summarize_calls(timestamptz, timestamptz, integer, text, text, uuid) to authenticated;
grant execute on function public.roll_up_calls(integer) to service_role;
