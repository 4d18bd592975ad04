-- Counting in bounded, resumable steps. What users report themselves is counted apart: scope `self` by user (and with the
-- key '' for all users together), scope `self_tenant` by tenant. It is part of no shared total, ranking or alert.

alter table public.call_rollups
  alter column calls type bigint,
  alter column errors type bigint,
  alter column limited type bigint;
alter table public.call_rollups drop constraint call_rollups_scope_known, drop constraint call_rollups_scope_key_given;
alter table public.call_rollups
  add constraint call_rollups_scope_known check (scope in ('all', 'user', 'tenant', 'self', 'self_tenant')),
  add constraint call_rollups_scope_key_given check (case scope when 'all' then scope_key = '' when 'self' then true else scope_key <> '' end);

drop policy call_rollups_read_own_or_audit on public.call_rollups;
create policy call_rollups_read_own_or_audit on public.call_rollups for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (scope in ('user', 'self') and scope_key = (select smarteros.subject()))
    or (select smarteros.can('audit'))
  )
);

-- What is due to be counted, or counted again. A day is counted in parts, and `part` and `after_key` say which is next.
create table smarteros.rollup_work (
  resolution text not null,
  ts timestamptz not null,
  part text not null default 'all',
  after_key text not null default '',

  primary key (resolution, ts),
  constraint rollup_work_resolution_known check (resolution in ('hour', 'day', 'week')),
  constraint rollup_work_part_known check (part in ('all', 'user', 'tenant'))
);
alter table smarteros.rollup_work enable row level security;
alter table smarteros.rollup_work force row level security;
revoke all on smarteros.rollup_work from public, anon, authenticated, service_role;

alter table smarteros.rollup_progress
  add column days_until timestamptz,
  add column weeks_until timestamptz,
  -- Calls that arrived in the five minutes before recorded_until, counted by the hour (seconds since 1970).
  add column recorded_latest jsonb not null default '{}';
update smarteros.rollup_progress p
set days_until = date_trunc('day', p.hours_until, 'UTC'), weeks_until = date_trunc('week', p.hours_until, 'UTC')
where p.one;
alter table smarteros.rollup_progress
  alter column days_until set not null,
  alter column weeks_until set not null;

drop function smarteros.count_hours(timestamptz[]);
drop function smarteros.count_days(timestamptz[]);
drop function smarteros.count_weeks(timestamptz[]);
drop function smarteros.counted_calls(timestamptz, timestamptz);

-- Writes to call_rollups what the query p_source counts: rows (scope, scope_key, tool, bin, calls, errors, limited), with $1
-- and $2 for p_after and p_until. Replaces what stands there. A key never vanishes: the log loses no calls of a time that
-- can still be counted.
create function smarteros.store_rollups(
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

-- Returns the query for store_rollups that counts the calls from p_from to p_to under p_condition, each for every line of
-- p_lines: (scope, scope_key, tool) by the columns of `c`. The bounds are constants of the query, so that the planner opens
-- no other partitions.
create function smarteros.calls_by(p_from timestamptz, p_to timestamptz, p_condition text, p_lines text) returns text
language sql immutable set search_path = ''
as $$
  select format(
    'select line.scope, line.scope_key, line.tool, c.bin, c.calls, c.errors, c.limited
     from (
       select i.user_id, i.tenant_id::text as tenant_id, i.tool, i.recorded_by = ''self'' as is_self,
         smarteros.latency_bin(i.duration_ms) as bin,
         count(*) filter (where i.code is distinct from ''rate_limited'') as calls,
         count(*) filter (where not i.success and i.code is distinct from ''rate_limited'') as errors,
         coalesce(sum(i.calls) filter (where i.code = ''rate_limited''), 0) as limited
       from public.mcp_invocations i
       where i.created_at >= %L and i.created_at < %L and %s
       group by 1, 2, 3, 4, 5
     ) c
     cross join lateral (values %s) as line (scope, scope_key, tool)', p_from, p_to, p_condition, p_lines
  )
$$;

-- Returns the query for store_rollups that adds up rows of a finer resolution.
create function smarteros.rollups_by(p_resolution text, p_from timestamptz, p_to timestamptz, p_condition text) returns text
language sql immutable set search_path = ''
as $$
  select format(
    'with r as materialized (
       select r.* from public.call_rollups r where r.resolution = %L and r.ts >= %L and r.ts < %L and %s
     )
     select r.scope, r.scope_key, r.tool, b.bin, b.calls, 0, 0
     from r cross join lateral unnest(r.bins, r.counts) as b (bin, calls)
     union all
     select r.scope, r.scope_key, r.tool, 0::smallint, 0, r.errors, r.limited from r', p_resolution, p_from, p_to, p_condition
  )
$$;

-- Counts an hour: everybody's calls by tool, users' and tenants' for all tools together. By user and tool an hour would have
-- about as many rows as it had calls.
create function smarteros.count_hour(p_hour timestamptz) returns void
language sql volatile set search_path = ''
as $$
  select smarteros.store_rollups('hour', p_hour, smarteros.calls_by(p_hour, p_hour + interval '1 hour', 'true',
    $lines$
      (case when c.is_self then 'self' else 'all' end, '', c.tool),
      (case when c.is_self then 'self' else 'all' end, '', ''),
      (case when c.is_self then 'self' else 'user' end, c.user_id, ''),
      (case when c.is_self then 'self_tenant' else 'tenant' end, c.tenant_id, '')
    $lines$))
$$;

-- Counts the next part of a day (UTC), about 100 000 calls of it: everybody's calls from its hours, then users' and then
-- tenants' from the calls, in the order of their keys, each by tool and for all tools together. Returns whether the day is
-- complete; if not, rollup_work says where it goes on.
create function smarteros.count_day(p_work smarteros.rollup_work) returns boolean
language plpgsql volatile set search_path = '' set timezone = 'UTC'
as $$
declare
  part_size constant integer := 100000;
  day_end constant timestamptz := p_work.ts + interval '1 day';
  column_name text;
  first_key text;
  last_key text;
  found_calls integer;
begin
  if p_work.part = 'all' then
    perform smarteros.store_rollups('day', p_work.ts,
      smarteros.rollups_by('hour', p_work.ts, day_end, $c$r.scope_key = ''$c$));
    update smarteros.rollup_work w set part = 'user', after_key = '' where w.resolution = 'day' and w.ts = p_work.ts;
    return false;
  end if;
  column_name := p_work.part || '_id';
  first_key := case when p_work.part = 'tenant' and p_work.after_key = '' then '00000000-0000-0000-0000-000000000000'
    else p_work.after_key end;
  execute format(
    'select max(next.key::text collate "C"), count(*) from (
       select i.%1$I as key from public.mcp_invocations i
       where i.created_at >= %2$L and i.created_at < %3$L and i.%1$I > $1::%4$s order by i.%1$I limit %5$s
     ) next', column_name, p_work.ts, day_end, case p_work.part when 'tenant' then 'uuid' else 'text' end, part_size
  ) into last_key, found_calls using first_key;
  if found_calls > 0 then
    perform smarteros.store_rollups('day', p_work.ts, smarteros.calls_by(p_work.ts, day_end,
      case p_work.part when 'tenant' then 'i.tenant_id > $1::uuid and i.tenant_id <= $2::uuid'
        else 'i.user_id > $1 and i.user_id <= $2' end,
      case p_work.part
        when 'tenant' then $lines$
          (case when c.is_self then 'self_tenant' else 'tenant' end, c.tenant_id, c.tool),
          (case when c.is_self then 'self_tenant' else 'tenant' end, c.tenant_id, '')
        $lines$
        else $lines$
          (case when c.is_self then 'self' else 'user' end, c.user_id, c.tool),
          (case when c.is_self then 'self' else 'user' end, c.user_id, '')
        $lines$
      end), first_key, last_key);
  end if;
  if found_calls = part_size then
    update smarteros.rollup_work w set after_key = last_key where w.resolution = 'day' and w.ts = p_work.ts;
    return false;
  end if;
  if p_work.part = 'user' then
    update smarteros.rollup_work w set part = 'tenant', after_key = '' where w.resolution = 'day' and w.ts = p_work.ts;
    return false;
  end if;
  return true;
end
$$;

-- Counts a week (UTC, from Monday) from its days: everybody's calls by tool, users' and tenants' for all tools together.
create function smarteros.count_week(p_week timestamptz) returns void
language sql volatile set search_path = ''
as $$
  select smarteros.store_rollups('week', p_week,
    smarteros.rollups_by('day', p_week, p_week + interval '7 days', $c$(r.scope_key = '' or r.tool = '')$c$))
$$;

-- Returns the first time from p_from on that has counts of a resolution; null where there is none.
create function smarteros.next_counted(p_resolution text, p_from timestamptz) returns timestamptz
language sql stable set search_path = ''
as $$
  select min(first.ts)
  from unnest('{all,self}'::text[]) as of (scope)
  cross join lateral (
    select r.ts from public.call_rollups r
    where r.resolution = p_resolution and r.scope = of.scope and r.scope_key = '' and r.tool = '' and r.ts >= p_from
    order by r.ts limit 1
  ) first
$$;

-- Marks what is to be counted again, from its beginning.
create function smarteros.mark_rollup(p_resolution text, p_ts timestamptz) returns void
language sql volatile set search_path = ''
as $$
  insert into smarteros.rollup_work (resolution, ts) values (p_resolution, p_ts)
  on conflict (resolution, ts) do update set part = 'all', after_key = ''
$$;

-- Counts what is due, in this order: hours that have passed (at most p_at_most), hours for which rows came late, days, weeks.
-- Begins nothing after one second. May be called at any time and any number of times; two at once do not disturb each
-- other. Returns how many hours it counted and whether anything is left. Raises 23514 for p_at_most outside 1 to 1000.
create or replace function public.roll_up_calls(p_at_most integer default 24) returns table (hours integer, more boolean)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  stop_at constant timestamptz := clock_timestamp() + interval '1 second';
  this_hour constant timestamptz := date_trunc('hour', now());
  progress smarteros.rollup_progress;
  seen_until timestamptz;
  next timestamptz;
  work smarteros.rollup_work;
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
    next := coalesce((select date_trunc('hour', min(i.created_at)) from public.mcp_invocations i), this_hour);
    insert into smarteros.rollup_progress (hours_until, days_until, weeks_until, recorded_until)
    values (next, date_trunc('day', next), date_trunc('week', next), now())
    returning * into progress;
  end if;

  -- Rows that came late, six hours of arrivals at a time. A row is seen from its commit on, which may be later than its
  -- recorded_at: the last five minutes before the last look are compared with what was seen of them then. Of days before
  -- the last week the rows may be gone: what is counted of them stays.
  seen_until := least(now(), progress.recorded_until + interval '6 hours');
  with arrived as materialized (
    select extract(epoch from date_trunc('hour', i.created_at))::bigint::text as hour,
      count(*) filter (where i.recorded_at >= progress.recorded_until) as fresh,
      count(*) filter (where i.recorded_at < progress.recorded_until) as again,
      count(*) filter (where i.recorded_at >= seen_until - interval '5 minutes') as latest
    from public.mcp_invocations i
    where i.recorded_at >= progress.recorded_until - interval '5 minutes'
      and (seen_until = now() or i.recorded_at < seen_until)
      and i.created_at >= this_hour - interval '7 days'
    group by 1
  ), marked as (
    select smarteros.mark_rollup('hour', to_timestamp(a.hour::bigint))
    from arrived a
    where to_timestamp(a.hour::bigint) < progress.hours_until
      and (a.fresh > 0 or a.again <> coalesce((progress.recorded_latest ->> a.hour)::bigint, 0))
  )
  select coalesce(jsonb_object_agg(a.hour, a.latest) filter (where a.latest > 0), '{}') into progress.recorded_latest
  from arrived a, (select count(*) from marked) m;

  hours := 0;
  more := true;
  while more and hours < p_at_most and clock_timestamp() < stop_at loop
    if progress.hours_until < this_hour then
      execute format('select date_trunc(''hour'', min(i.created_at)) from public.mcp_invocations i
        where i.created_at >= %L and i.created_at < %L', progress.hours_until, this_hour) into next;
      if next is null then
        -- Hours without a call need no row.
        progress.hours_until := this_hour;
      else
        perform smarteros.count_hour(next);
        progress.hours_until := next + interval '1 hour';
        hours := hours + 1;
      end if;
      continue;
    end if;
    select w.* into work from smarteros.rollup_work w
    order by array_position('{hour,day,week}', w.resolution), w.ts limit 1;
    if not found then
      -- Days and weeks without a call need no row either.
      progress.days_until := greatest(progress.days_until, least(date_trunc('day', progress.hours_until),
        date_trunc('day', smarteros.next_counted('hour', progress.days_until))));
      progress.weeks_until := greatest(progress.weeks_until, least(date_trunc('week', progress.days_until),
        date_trunc('week', smarteros.next_counted('day', progress.weeks_until))));
      if progress.days_until + interval '1 day' <= progress.hours_until then
        perform smarteros.mark_rollup('day', progress.days_until);
      elsif progress.weeks_until + interval '7 days' <= progress.days_until then
        perform smarteros.mark_rollup('week', progress.weeks_until);
      else
        more := false;
      end if;
    elsif work.resolution = 'day' then
      if smarteros.count_day(work) then
        delete from smarteros.rollup_work w where w.resolution = 'day' and w.ts = work.ts;
        perform smarteros.forget_old_rollups();
        if work.ts = progress.days_until then
          progress.days_until := progress.days_until + interval '1 day';
        elsif date_trunc('week', work.ts) < progress.weeks_until then
          perform smarteros.mark_rollup('week', date_trunc('week', work.ts));
        end if;
      end if;
    else
      if work.resolution = 'hour' then
        perform smarteros.count_hour(work.ts);
        hours := hours + 1;
        if work.ts < progress.days_until + interval '1 day' and work.ts < date_trunc('day', progress.hours_until) then
          perform smarteros.mark_rollup('day', date_trunc('day', work.ts));
        end if;
      else
        perform smarteros.count_week(work.ts);
        if work.ts = progress.weeks_until then
          progress.weeks_until := progress.weeks_until + interval '7 days';
        end if;
      end if;
      delete from smarteros.rollup_work w where w.resolution = work.resolution and w.ts = work.ts;
    end if;
  end loop;
  update smarteros.rollup_progress p
  set hours_until = progress.hours_until, days_until = progress.days_until, weeks_until = progress.weeks_until,
    recorded_until = seen_until, recorded_latest = progress.recorded_latest
  where p.one;
  more := more or seen_until < now();
  return next;
end
$$;

-- Deletes counts of calls that are gone by policy and that no time up to now reaches, nor the time before it; at most
-- 20 000 rows.
create function smarteros.forget_old_rollups() returns void
language sql volatile set search_path = ''
as $$
  delete from public.call_rollups r
  where r.ctid = any (array(
    select old.ctid from public.call_rollups old
    where old.ts < now() - interval '801 days' and old.ts < (select k.kept_from from smarteros.retention k)
    limit 20000
  ))
$$;

-- Returns the time before which all hours, days or weeks are counted; null where nothing is counted yet.
create function smarteros.counted_until(p_resolution text) returns timestamptz
language sql stable security definer set search_path = ''
as $$
  select case p_resolution when 'hour' then p.hours_until when 'day' then p.days_until else p.weeks_until end
  from smarteros.rollup_progress p
$$;

-- Cuts a time into the parts that are read from hours, days and weeks. Each is counted up to a time of its own; where one is
-- missing or not wanted, the next finer stands for it, and in the end the calls.
create or replace function smarteros.cut_time(p_from timestamptz, p_to timestamptz, p_hours boolean, p_days boolean, p_weeks boolean)
returns smarteros.time_cut
language plpgsql stable set search_path = '' set timezone = 'UTC'
as $$
declare
  cut smarteros.time_cut;
begin
  if p_hours then
    cut.hours_from := date_trunc('hour', p_from + interval '1 hour' - interval '1 microsecond');
    cut.hours_to := date_trunc('hour', least(p_to, coalesce(smarteros.counted_until('hour'), '-infinity')));
  end if;
  if p_days then
    cut.days_from := date_trunc('day', p_from + interval '1 day' - interval '1 microsecond');
    cut.days_to := date_trunc('day', least(p_to, coalesce(smarteros.counted_until('day'), '-infinity')));
  end if;
  if p_weeks then
    cut.weeks_from := date_trunc('week', p_from + interval '7 days' - interval '1 microsecond');
    cut.weeks_to := date_trunc('week', least(p_to, coalesce(smarteros.counted_until('week'), '-infinity')));
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

-- Counts, error rates and latencies (ms) of a time, in all, by moment and by tool, with the time before it, of the same
-- length by whole hours or days, where all of it was counted. Users see their own calls. `p_step` is the length of a moment
-- in seconds. By the hour calls are counted for everybody's tools, for each user and each tenant; those of a user or tenant
-- by tool are by the day alone, and those of a user about one tenant not at all. What users reported themselves counts in the
-- current user's own view alone; elsewhere it stands apart, as selfReported.
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
  own boolean;
  scopes text[];
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
  own := whose = 'user' and key = smarteros.subject();
  scopes := case when own then '{user,self}'::text[] else array[whose] end;
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
    select bin.of_self, bin.of_before, bin.of_moments, bin.of_tools, bin.ts, bin.tool, sum(bin.calls) as calls, sum(bin.errors) as errors,
      sum(bin.limited) as limited, array_agg(bin.bin) as bins, array_agg(bin.calls) as counts
    from (
      select i.recorded_by = 'self' and not own as of_self, i.created_at < p_from as of_before,
        i.created_at >= p_from and not (i.created_at >= moments.hours_from and i.created_at < moments.hours_to) as of_moments,
        i.created_at >= p_from and not (i.created_at >= tools.hours_from and i.created_at < tools.hours_to) as of_tools,
        date_bin(step, i.created_at, '2000-01-01') as ts, i.tool, smarteros.latency_bin(i.duration_ms) as bin,
        count(*) filter (where i.code is distinct from 'rate_limited')::integer as calls,
        count(*) filter (where not i.success and i.code is distinct from 'rate_limited')::integer as errors,
        coalesce(sum(i.calls) filter (where i.code = 'rate_limited'), 0) as limited
      from public.mcp_invocations i
      where ((i.created_at >= p_from and i.created_at < greatest(moments.hours_from, tools.hours_from))
          or (i.created_at >= least(moments.hours_to, tools.hours_to) and i.created_at < p_to)
          or (i.created_at >= before_from and i.created_at < earlier.hours_from)
          or (i.created_at >= earlier.hours_to and i.created_at < before_to))
        and (whose <> 'user' or i.user_id = key)
        and (p_tenant is null or i.tenant_id = p_tenant)
        and (p_tool is null or i.tool = p_tool)
      group by 1, 2, 3, 4, 5, 6, 7
    ) bin
    group by 1, 2, 3, 4, 5, 6
  ), piece as materialized (
    -- All that is added up; of a moment `ts` says which, of a tool `tool`.
    select 'moment' as kind, date_bin(step, r.ts, '2000-01-01') as ts, '' as tool,
      r.calls::bigint, r.errors::bigint, r.limited::bigint, r.bins, r.counts
    from smarteros.spans(moments) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = any (scopes) and r.scope_key = key and r.tool = coalesce(p_tool, '')
    union all
    select 'before', null, '', r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(earlier) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = any (scopes) and r.scope_key = key and r.tool = coalesce(p_tool, '')
    union all
    select 'tool', null, r.tool, r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(tools) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = any (scopes) and r.scope_key = key and case when p_tool is null then r.tool <> '' else r.tool = p_tool end
    union all
    select 'moment', raw.ts, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_moments and not raw.of_self
    union all
    select 'before', null, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_before and not raw.of_self
    union all
    select 'tool', null, raw.tool, raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_tools and not raw.of_self
    union all
    select 'self', null, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_moments and raw.of_self
    union all
    select 'self', null, '', r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(moments) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where not own and r.scope = case whose when 'tenant' then 'self_tenant' else 'self' end and r.scope_key = key
      and r.tool = coalesce(p_tool, '')
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
    'selfReported', case when not own then coalesce(
      (select l.figures from line l where l.kind = 'self'), smarteros.call_figures(0, 0, 0, null, null))
    end,
    'countedUntil', smarteros.rolled_up_until()
  ) into answer;
  return answer;
end
$$;

-- The users or tenants with the most calls of a time, ten at most, with the figures of their calls, without what users
-- reported themselves. Needs `audit`.
create or replace function public.rank_calls(p_from timestamptz, p_to timestamptz, p_by text, p_tool text default null) returns jsonb
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
      and i.recorded_by = 'service'
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

revoke all on function smarteros.store_rollups(text, timestamptz, text, text, text),
  smarteros.calls_by(timestamptz, timestamptz, text, text), smarteros.rollups_by(text, timestamptz, timestamptz, text),
  smarteros.count_hour(timestamptz), smarteros.count_day(smarteros.rollup_work), smarteros.count_week(timestamptz),
  smarteros.next_counted(text, timestamptz), smarteros.mark_rollup(text, timestamptz), smarteros.forget_old_rollups(), smarteros.counted_until(text)
  from public, anon, authenticated, service_role;
grant execute on function smarteros.counted_until(text) to authenticated;
