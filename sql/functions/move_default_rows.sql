-- Moves rows that fell into the default partition, because no one called ensure_partitions for some days, to partitions of
-- their days up to p_days_ahead: p_rows at a time into new tables, which then take the default partition's place at once.
-- Without that no partition for their day could be made and retention would not reach them. Returns whether there is more
-- to do. May be called at any time and side by side. Raises 23514 for an argument out of range.
create or replace function public.move_default_rows(p_rows integer default 20000, p_days_ahead integer default 7) returns boolean
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  limit_at constant timestamptz := current_date::timestamptz + make_interval(days => p_days_ahead + 1);
  day timestamptz;
  next timestamptz;
  part record;
begin
  if p_rows is null or p_rows not between 1 and 100000 then
    raise exception 'p_rows must be 1 to 100000' using errcode = '23514', constraint = 'p_rows_range';
  end if;
  if p_days_ahead is null or p_days_ahead not between 0 and 366 then
    raise exception 'p_days_ahead must be 0 to 366' using errcode = '23514', constraint = 'p_days_ahead_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  if exists (select from smarteros.partition_move m where m.week is not null) then
    return true;
  end if;
  if not exists (select from smarteros.partition_move) then
    if not exists (select from smarteros.mcp_invocations_default i where i.created_at < limit_at) then
      return false;
    end if;
    create table smarteros.moving_calls (like public.mcp_invocations including defaults) partition by range (created_at);
    alter table smarteros.moving_calls add primary key (id, created_at);
    alter table smarteros.moving_calls enable row level security;
    alter table smarteros.moving_calls force row level security;
    revoke all on smarteros.moving_calls from public, anon, authenticated, service_role, smarteros_fn;
    perform smarteros.create_call_table('moving_default');
    alter table smarteros.moving_calls attach partition smarteros.moving_default default;
    insert into smarteros.partition_move default values;
  end if;
  -- A table for each day that has rows. A day whose rows are in moving_default already waits for the next move.
  next := '-infinity';
  loop
    select min(i.created_at) into next from smarteros.mcp_invocations_default i
    where i.created_at >= next and i.created_at < limit_at;
    exit when next is null;
    day := date_trunc('day', next);
    next := day + interval '1 day';
    continue when to_regclass('smarteros.mcp_invocations_' || to_char(day, 'YYYYMMDD')) is not null
      or exists (select from smarteros.moving_default i where i.created_at >= day and i.created_at < next);
    perform smarteros.create_call_table('mcp_invocations_' || to_char(day, 'YYYYMMDD'));
    execute format('alter table smarteros.moving_calls attach partition smarteros.%I for values from (%L) to (%L)',
      'mcp_invocations_' || to_char(day, 'YYYYMMDD'), day, next);
  end loop;
  if not smarteros.copy_calls(p_rows) then
    return true;
  end if;
  lock table only public.mcp_invocations in access exclusive mode;
  -- What came during the copying, also from transactions that began before it.
  insert into smarteros.moving_calls
  select i.* from smarteros.mcp_invocations_default i
  where i.recorded_at >= (select m.started_at - interval '10 minutes' from smarteros.partition_move m)
  on conflict do nothing;
  drop table smarteros.mcp_invocations_default;
  for part in
    select c.relname::text as name, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_catalog.pg_inherits h join pg_catalog.pg_class c on c.oid = h.inhrelid
    where h.inhparent = 'smarteros.moving_calls'::regclass
    order by 1
  loop
    execute format('alter table smarteros.moving_calls detach partition smarteros.%I', part.name);
    execute format('alter table public.mcp_invocations attach partition smarteros.%I %s', part.name, part.bound);
  end loop;
  alter table smarteros.moving_default rename to mcp_invocations_default;
  drop table smarteros.moving_calls;
  delete from smarteros.partition_move m where m.one;
  return false;
end
$$;

revoke all on function public.move_default_rows(integer, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.move_default_rows(integer, integer) to service_role;
