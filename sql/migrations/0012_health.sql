-- What the monitor saw, counted by the day, so that a page over 90 days reads no million rows; incidents; and maintenance
-- windows, which count for nothing. Who is signed in may read all of it, through health_timeline: no tenant is in it.

create table smarteros.maintenance_windows (
  id uuid primary key default gen_random_uuid(),
  -- Null is every service.
  service text,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  ended_by text,

  constraint maintenance_windows_service_length check (char_length(service) between 1 and 100),
  constraint maintenance_windows_ends_after_start check (ends_at >= starts_at),
  constraint maintenance_windows_length check (ends_at - starts_at <= interval '30 days'),
  constraint maintenance_windows_reason_given check (char_length(btrim(reason)) between 1 and 500)
);

create table smarteros.health_days (
  service text not null,
  -- The beginning of a day of UTC.
  ts timestamptz not null,
  ok integer not null,
  degraded integer not null,
  error integer not null,
  -- Seen during maintenance, and in none of the other counts.
  excluded integer not null,
  -- Latencies of good answers, in the bins of 0010.
  bins smallint[] not null,
  counts integer[] not null,
  p50 integer,
  p95 integer,
  p99 integer,

  primary key (service, ts)
);

-- Days of which rows have come since they were counted.
create table smarteros.health_uncounted (
  service text not null,
  ts timestamptz not null,
  marked_at timestamptz not null default now(),

  primary key (service, ts)
);

create table smarteros.health_incidents (
  id uuid primary key default gen_random_uuid(),
  service text not null,
  -- From the first failure in the row to the first success in the row that ended it.
  started_at timestamptz not null,
  ended_at timestamptz,
  failures integer not null,
  reason text not null
);
create index health_incidents_newest_idx on smarteros.health_incidents (started_at desc);
create unique index health_incidents_open_key on smarteros.health_incidents (service) where ended_at is null;

-- How far the rows of a service were followed, and what they said last.
create table smarteros.health_states (
  service text primary key,
  seen_until timestamptz not null default '-infinity',
  incident_id uuid references smarteros.health_incidents (id),
  failures integer not null default 0,
  successes integer not null default 0,
  failing_since timestamptz,
  well_since timestamptz,
  reason text
);

do $$
declare
  name text;
begin
  foreach name in array '{maintenance_windows,health_days,health_uncounted,health_incidents,health_states}'::text[] loop
    execute format('alter table smarteros.%I enable row level security', name);
    execute format('alter table smarteros.%I force row level security', name);
    execute format('revoke all on smarteros.%I from public, anon, authenticated, service_role', name);
    continue when name = 'health_uncounted';
    execute format('grant select on smarteros.%I to smarteros_fn', name);
    execute format('create policy %I on smarteros.%I for select to smarteros_fn using ((select smarteros.can(''read'')))',
      name || '_read', name);
  end loop;
end
$$;
grant select on public.external_health to smarteros_fn;
create policy external_health_read_for_timeline on public.external_health for select to smarteros_fn
using ((select smarteros.can('read')));
grant insert, update (ends_at, ended_by) on smarteros.maintenance_windows to smarteros_fn;
create policy maintenance_windows_create on smarteros.maintenance_windows for insert to smarteros_fn
with check ((select smarteros.can('admin')) and created_by = (select smarteros.subject()));
create policy maintenance_windows_end on smarteros.maintenance_windows for update to smarteros_fn
using ((select smarteros.can('admin')));

insert into smarteros.health_uncounted (service, ts)
select distinct h.service, date_trunc('day', h.created_at, 'UTC')
from public.external_health h
where h.created_at >= now() - interval '91 days';

-- An update, so that a counting under way is waited for: its mark goes, and ours comes after.
create function smarteros.mark_health() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into smarteros.health_uncounted as u (service, ts)
  select distinct w.service, date_trunc('day', w.created_at, 'UTC') from written w order by 1, 2
  on conflict (service, ts) do update set marked_at = excluded.marked_at;
  return null;
end
$$;
create trigger external_health_mark after insert on public.external_health
  referencing new table as written for each statement execute function smarteros.mark_health();

-- Days that have begun are counted anew when what is maintenance changes.
create function smarteros.mark_maintenance() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into smarteros.health_uncounted as u (service, ts)
  select d.service, d.ts from smarteros.health_days d
  where (new.service is null or d.service = new.service)
    and d.ts >= date_trunc('day', new.starts_at, 'UTC')
    and d.ts < case when tg_op = 'UPDATE' then greatest(old.ends_at, new.ends_at) else new.ends_at end
  order by 1, 2
  on conflict (service, ts) do update set marked_at = excluded.marked_at;
  return null;
end
$$;
create trigger maintenance_windows_mark after insert or update on smarteros.maintenance_windows
  for each row execute function smarteros.mark_maintenance();

create function smarteros.in_maintenance(p_service text, p_at timestamptz) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from smarteros.maintenance_windows w
    where (w.service is null or w.service = p_service) and p_at >= w.starts_at and p_at < w.ends_at
  )
$$;

create function smarteros.bin_quantile(p_bins smallint[], p_counts integer[], p_quantile float8) returns integer
language sql immutable set search_path = ''
as $$
  select round(smarteros.bin_ms(min(r.bin)))::integer
  from (
    select pair.bin, sum(pair.calls) over (order by pair.bin) as up_to, sum(pair.calls) over () as of
    from unnest(p_bins, p_counts) as pair (bin, calls)
  ) r
  where r.up_to >= p_quantile * r.of
$$;

-- What was seen of services in a time, by moments of a length.
create function smarteros.counted_health(p_services text[], p_from timestamptz, p_to timestamptz, p_step interval)
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

-- Follows the rows of one service from where it was left, and opens and closes its incident. What comes late, for a time
-- that was followed already, is counted by the day and changes no incident. During maintenance nothing is followed.
create function smarteros.follow_health(p_service text, p_down_after integer, p_up_after integer) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  state smarteros.health_states;
  seen record;
begin
  insert into smarteros.health_states (service) values (p_service) on conflict do nothing;
  select s.* into state from smarteros.health_states s where s.service = p_service for update;
  for seen in
    select h.created_at, h.status, h.error_message, smarteros.in_maintenance(h.service, h.created_at) as excluded
    from public.external_health h
    where h.service = p_service and h.created_at > state.seen_until
    order by h.created_at
    limit 5000
  loop
    state.seen_until := seen.created_at;
    if seen.excluded then
      state.successes := 0;
      if state.incident_id is null then
        state.failures := 0;
      end if;
    elsif seen.status = 'error' then
      if state.failures = 0 then
        state.failing_since := seen.created_at;
        state.reason := coalesce(seen.error_message, 'error');
      end if;
      state.failures := state.failures + 1;
      state.successes := 0;
      if state.incident_id is null and state.failures >= p_down_after then
        insert into smarteros.health_incidents (service, started_at, failures, reason)
        values (p_service, state.failing_since, state.failures, state.reason)
        returning id into state.incident_id;
      end if;
    elsif state.incident_id is null then
      state.failures := 0;
    else
      state.successes := state.successes + 1;
      if state.successes = 1 then
        state.well_since := seen.created_at;
      end if;
      if state.successes >= p_up_after then
        update smarteros.health_incidents i
        set ended_at = state.well_since, failures = state.failures where i.id = state.incident_id;
        state.incident_id := null;
        state.failures := 0;
        state.successes := 0;
      end if;
    end if;
  end loop;
  update smarteros.health_incidents i set failures = state.failures
  where i.id = state.incident_id and i.failures <> state.failures;
  update smarteros.health_states s
  set seen_until = state.seen_until, incident_id = state.incident_id, failures = state.failures,
    successes = state.successes, failing_since = state.failing_since, well_since = state.well_since,
    reason = state.reason
  where s.service = p_service;
end
$$;

-- Counts days of which rows have come, at most 400 days of services at once, and opens and closes incidents: after so many failures in
-- a row a service is down, after so many successes up. May be called at any time, any number of times and side by side.
create function public.roll_up_health(p_down_after integer default 3, p_up_after integer default 2)
returns table (days integer, more boolean)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  services text[];
  starts timestamptz[];
  name text;
begin
  if p_down_after is null or p_down_after not between 1 and 100 or p_up_after is null or p_up_after not between 1 and 100 then
    raise exception 'p_down_after and p_up_after must be 1 to 100' using errcode = '23514', constraint = 'thresholds_range';
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('smarteros.roll_up_health', 0)) then
    return query select 0, true;
    return;
  end if;
  -- Those that somebody is marking at this moment have their turn next time.
  with due as (
    select u.service, u.ts from smarteros.health_uncounted u
    order by u.ts desc, u.service limit 400 for update skip locked
  ), taken as (
    delete from smarteros.health_uncounted u using due where u.service = due.service and u.ts = due.ts
    returning u.service, u.ts
  )
  select coalesce(array_agg(t.service), '{}'), coalesce(array_agg(t.ts), '{}') into services, starts from taken t;
  delete from smarteros.health_days d using unnest(services, starts) as todo (service, ts)
  where d.service = todo.service and d.ts = todo.ts;
  insert into smarteros.health_days
  select counted.*
  from unnest(services, starts) as todo (service, ts)
  cross join lateral smarteros.counted_health(
    array[todo.service], todo.ts, todo.ts + interval '1 day', interval '1 day'
  ) counted;
  for name in select distinct s.name from unnest(services) as s (name) order by 1 loop
    perform smarteros.follow_health(name, p_down_after, p_up_after);
  end loop;
  return query select cardinality(services), exists (select from smarteros.health_uncounted);
end
$$;

-- The health of all services, or of one, over so many days that end today (UTC): by the hour for one day, else by the day.
-- A moment is in error when an incident touches it, degraded when something else was amiss. Latencies in ms, of good
-- answers; uptime is the share of good answers, maintenance left out.
create function public.health_timeline(p_days integer default 90, p_service text default null) returns jsonb
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

-- A time in which a service, or null for all, may fail without its being counted. Needs `admin`. It may have begun up to a
-- week ago, for what somebody forgot to announce.
create function public.create_maintenance_window(
  p_starts_at timestamptz,
  p_ends_at timestamptz,
  p_reason text,
  p_service text default null
) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  made uuid;
begin
  perform smarteros.require('admin');
  if p_starts_at is null or p_ends_at is null or p_starts_at >= p_ends_at then
    raise exception 'p_ends_at must be after p_starts_at'
      using errcode = '23514', constraint = 'maintenance_windows_ends_after_start';
  end if;
  if p_starts_at < now() - interval '7 days' then
    raise exception 'p_starts_at must be a week ago or later'
      using errcode = '23514', constraint = 'maintenance_windows_start_recent';
  end if;
  if p_service is not null and not exists (select from smarteros.health_states s where s.service = p_service) then
    raise exception 'p_service must be a service that was looked at'
      using errcode = '23514', constraint = 'maintenance_windows_service_known';
  end if;
  insert into smarteros.maintenance_windows (service, starts_at, ends_at, reason, created_by)
  values (p_service, p_starts_at, p_ends_at, btrim(p_reason), smarteros.subject())
  returning id into made;
  return made;
end
$$;

-- Ends a maintenance window now, or calls it off when it has not begun. Needs `admin`. Answers whether there was one to end.
create function public.end_maintenance_window(p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  update smarteros.maintenance_windows w
  set ends_at = greatest(w.starts_at, now()), ended_by = smarteros.subject()
  where w.id = p_id and w.ends_at > now() and w.ends_at > w.starts_at;
  return found;
end
$$;

revoke all on function smarteros.mark_health(), smarteros.mark_maintenance(),
  smarteros.in_maintenance(text, timestamptz), smarteros.bin_quantile(smallint[], integer[], float8),
  smarteros.counted_health(text[], timestamptz, timestamptz, interval),
  smarteros.follow_health(text, integer, integer), public.roll_up_health(integer, integer),
  public.health_timeline(integer, text),
  public.create_maintenance_window(timestamptz, timestamptz, text, text), public.end_maintenance_window(uuid)
  from public, anon, authenticated, service_role;
grant execute on function smarteros.latency_bin(integer), smarteros.bin_ms(smallint),
  smarteros.in_maintenance(text, timestamptz), smarteros.bin_quantile(smallint[], integer[], float8),
  smarteros.counted_health(text[], timestamptz, timestamptz, interval) to smarteros_fn;
grant execute on function public.roll_up_health(integer, integer) to service_role;
grant execute on function public.health_timeline(integer, text),
  public.create_maintenance_window(timestamptz, timestamptz, text, text), public.end_maintenance_window(uuid)
  to authenticated;

grant create on schema public to smarteros_fn;
alter function public.health_timeline(integer, text) owner to smarteros_fn;
alter function public.create_maintenance_window(timestamptz, timestamptz, text, text) owner to smarteros_fn;
alter function public.end_maintenance_window(uuid) owner to smarteros_fn;
revoke create on schema public from smarteros_fn;
