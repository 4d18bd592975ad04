-- Joins the daily partitions of the oldest week (from Monday, UTC) that ended ninety days ago or earlier: p_rows at a time
-- into a new table, which then takes their place at once. Returns whether there is more to do. May be called at any time
-- and side by side. Raises 23514 for an argument out of range.
create or replace function public.compact_partitions(p_rows integer default 20000) returns boolean
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  week_start timestamptz;
  week_end timestamptz;
  week_name text;
  part record;
begin
  if p_rows is null or p_rows not between 1 and 100000 then
    raise exception 'p_rows must be 1 to 100000' using errcode = '23514', constraint = 'p_rows_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  if exists (select from smarteros.partition_move m where m.week is null) then
    return true;
  end if;
  select m.week into week_start from smarteros.partition_move m;
  if not found then
    -- Of a week whose days a longer partition or the default one has, nothing can be joined.
    select min(p.monday) into week_start
    from (select date_trunc('week', c.from_at) as monday, c.from_at, c.to_at from smarteros.call_partitions() c) p
    where p.monday + interval '7 days' <= current_date - 90
      and p.to_at - p.from_at < interval '7 days'
      and not exists (
        select from smarteros.call_partitions() other
        where other.from_at < p.monday + interval '7 days' and other.to_at > p.monday
          and not (other.from_at >= p.monday and other.to_at <= p.monday + interval '7 days')
      )
      and not exists (
        select from smarteros.mcp_invocations_default i
        where i.created_at >= p.monday and i.created_at < p.monday + interval '7 days'
      );
    if week_start is null then
      return false;
    end if;
    perform smarteros.create_call_table('moving_calls');
    insert into smarteros.partition_move (week) values (week_start);
  end if;
  if not smarteros.copy_calls(p_rows) then
    return true;
  end if;
  week_end := week_start + interval '7 days';
  week_name := 'mcp_invocations_' || to_char(week_start, 'YYYYMMDD') || '_week';
  -- Checked before the lock that everybody waits for, so that attaching need not.
  execute format(
    'alter table smarteros.moving_calls add constraint moving_calls_week check (created_at >= %L and created_at < %L)',
    week_start, week_end
  );
  lock table only public.mcp_invocations in access exclusive mode;
  execute format(
    'insert into smarteros.moving_calls
     select i.* from public.mcp_invocations i
     where i.created_at >= %L and i.created_at < %L
       and i.recorded_at >= (select m.started_at - interval ''10 minutes'' from smarteros.partition_move m)
     on conflict do nothing', week_start, week_end
  );
  for part in
    select p.name from smarteros.call_partitions() p where p.from_at >= week_start and p.to_at <= week_end order by 1
  loop
    execute format('drop table smarteros.%I', part.name);
  end loop;
  execute format('alter table smarteros.moving_calls rename to %I', week_name);
  execute format('alter table public.mcp_invocations attach partition smarteros.%I for values from (%L) to (%L)',
    week_name, week_start, week_end);
  execute format('alter table smarteros.%I drop constraint moving_calls_week', week_name);
  delete from smarteros.partition_move m where m.one;
  return true;
end
$$;

revoke all on function public.compact_partitions(integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.compact_partitions(integer) to service_role;
