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

revoke all on function public.roll_up_calls(integer) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.roll_up_calls(integer) to service_role;
