-- The audit log over years: partitions by week after ninety days, queries whose bounds are constants, and upkeep in bounded
-- steps.

-- Returns the partitions of the audit log with their bounds; the default one has none.
create function smarteros.call_partitions() returns table (name text, from_at timestamptz, to_at timestamptz)
language sql stable set search_path = '' set timezone = 'UTC'
as $$
  select c.relname::text, bound[1]::timestamptz, bound[2]::timestamptz
  from pg_catalog.pg_inherits h
  join pg_catalog.pg_class c on c.oid = h.inhrelid
  cross join lateral regexp_match(
    pg_catalog.pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \(''(.+)''\) TO \(''(.+)''\)'
  ) as bound
  where h.inhparent = 'public.mcp_invocations'::regclass
$$;

-- A copy of rows under way, from the default partition or from the days of a week, into a table that takes their place when
-- it is complete. At most one row.
create table smarteros.partition_move (
  one boolean primary key default true check (one),
  -- Null: all rows of the default partition.
  week timestamptz,
  started_at timestamptz not null default now(),
  copied_at timestamptz not null default '-infinity',
  copied_id uuid not null default '00000000-0000-0000-0000-000000000000'
);
alter table smarteros.partition_move enable row level security;
alter table smarteros.partition_move force row level security;
revoke all on smarteros.partition_move from public, anon, authenticated, service_role;

-- Makes a table like the audit log, closed to everyone, to be attached to it.
create function smarteros.create_call_table(p_name text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  execute format('create table smarteros.%I (like public.mcp_invocations including all)', p_name);
  execute format('alter table smarteros.%I enable row level security', p_name);
  execute format('alter table smarteros.%I force row level security', p_name);
  execute format('revoke all on smarteros.%I from public, anon, authenticated, service_role', p_name);
end
$$;

-- Makes the daily partitions (UTC) from today to p_days_ahead, but for days whose rows are in the default partition already:
-- move_default_rows makes those. It is called once, which is enough for 20 000 rows. Returns how many partitions are new.
-- Raises 23514 for p_days_ahead outside 0 to 366.
create or replace function public.ensure_partitions(p_days_ahead integer default 7) returns integer
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  day timestamptz;
  name text;
  before integer;
begin
  if p_days_ahead is null or p_days_ahead not between 0 and 366 then
    raise exception 'p_days_ahead must be 0 to 366' using errcode = '23514', constraint = 'p_days_ahead_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  before := (select count(*) from smarteros.call_partitions());
  for day in
    select d from generate_series(
      current_date::timestamptz, current_date::timestamptz + make_interval(days => p_days_ahead), interval '1 day') d
    where not exists (select from smarteros.call_partitions() p where p.from_at < d + interval '1 day' and p.to_at > d)
    order by 1
  loop
    name := 'mcp_invocations_' || to_char(day, 'YYYYMMDD');
    -- Before the look, so that no row comes into the default partition after it; and before any other lock, or who reads
    -- and then writes would meet us in a deadlock.
    lock table only public.mcp_invocations in access exclusive mode;
    continue when to_regclass('smarteros.' || name) is not null or exists (
      select from smarteros.mcp_invocations_default i
      where i.created_at >= day and i.created_at < day + interval '1 day'
    );
    perform smarteros.create_call_table(name);
    execute format('alter table public.mcp_invocations attach partition smarteros.%I for values from (%L) to (%L)',
      name, day, day + interval '1 day');
  end loop;
  perform public.move_default_rows(20000, p_days_ahead);
  return (select count(*) from smarteros.call_partitions()) - before;
end
$$;

-- Copies the next p_rows rows of the move into smarteros.moving_calls, in the order of created_at and id. Returns whether it
-- has come to the end.
create function smarteros.copy_calls(p_rows integer) returns boolean
language plpgsql volatile set search_path = '' set timezone = 'UTC'
as $$
declare
  move smarteros.partition_move;
  last record;
begin
  select m.* into move from smarteros.partition_move m;
  execute format(
    'with piece as materialized (
       select i.* from %s i where %s and (i.created_at, i.id) > ($1, $2) order by i.created_at, i.id limit $3
     ), copied as (
       insert into smarteros.moving_calls select p.* from piece p on conflict do nothing
     )
     select count(*) as rows, max(p.created_at) as at, (array_agg(p.id order by p.created_at desc, p.id desc))[1] as id
     from piece p',
    case when move.week is null then 'smarteros.mcp_invocations_default' else 'public.mcp_invocations' end,
    case when move.week is null then 'true'
      else format('i.created_at >= %L and i.created_at < %L', move.week, move.week + interval '7 days') end
  ) into last using move.copied_at, move.copied_id, p_rows;
  if last.rows > 0 then
    update smarteros.partition_move m set copied_at = last.at, copied_id = last.id where m.one;
  end if;
  return last.rows < p_rows;
end
$$;

-- Moves rows that fell into the default partition, because nobody called ensure_partitions for some days, to partitions of
-- their days up to p_days_ahead: p_rows at a time into new tables, which then take the default partition's place at once.
-- Without that no partition for their day could be made and retention would not reach them. Returns whether there is more
-- to do. May be called at any time and side by side. Raises 23514 for an argument out of range.
create function public.move_default_rows(p_rows integer default 20000, p_days_ahead integer default 7) returns boolean
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
    revoke all on smarteros.moving_calls from public, anon, authenticated, service_role;
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

-- Joins the daily partitions of the oldest week (from Monday, UTC) that ended ninety days ago or earlier: p_rows at a time
-- into a new table, which then takes their place at once. Returns whether there is more to do. May be called at any time
-- and side by side. Raises 23514 for an argument out of range.
create function public.compact_partitions(p_rows integer default 20000) returns boolean
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

-- Copies aside what holds keep of one partition; returns how many rows are new there. By the indexes, and not at all where
-- nothing is held: it is done once more while everybody waits for the lock.
create or replace function smarteros.hold_rows(p_partition text, p_before timestamptz) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  users constant text[] := array(
    select h.user_id from public.legal_holds h where h.released_at is null and h.user_id is not null);
  tenants constant uuid[] := array(
    select h.tenant_id from public.legal_holds h where h.released_at is null and h.tenant_id is not null);
  copied integer;
begin
  if users = '{}' and tenants = '{}' then
    return 0;
  end if;
  execute format(
    'insert into public.mcp_held_invocations
     select i.* from smarteros.%I i
     where i.created_at < $1 and (i.user_id = any ($2) or i.tenant_id = any ($3))
     on conflict do nothing', p_partition
  ) using p_before, users, tenants;
  get diagnostics copied = row_count;
  return copied;
end
$$;

-- Returns the time from which on retention may drop nothing: the first day that is still to be counted and, where the log is
-- sealed, the first call that arrived after the last seal.
create function smarteros.needed_from(p_sealed boolean) returns timestamptz
language plpgsql stable set search_path = '' set timezone = 'UTC'
as $$
declare
  sealed_until timestamptz;
  unsealed timestamptz;
begin
  if p_sealed then
    select coalesce(max(s.hour) + interval '1 hour', '-infinity') into sealed_until from smarteros.audit_seals s;
    select min(i.created_at) into unsealed from public.mcp_invocations i where i.recorded_at >= sealed_until;
  end if;
  return least(
    coalesce(smarteros.counted_until('day'), (select min(i.created_at) from public.mcp_invocations i)),
    (select min(w.ts) from smarteros.rollup_work w),
    unsealed
  );
end
$$;

drop function public.drop_expired(integer);

-- Drops partitions whose days (UTC) are all more than p_days ago, seven at most, with what fell into the default partition
-- and the intents of those days, 20 000 of each at most; `more` tells to call again. A day that is still to be counted is
-- not dropped, nor with p_sealed one with calls that are not sealed. Rows under a hold are copied aside first, and leave
-- when the hold is released. May be called at any time and side by side. Raises 23514 for fewer than eight days: for a week
-- late rows are counted again.
create function public.drop_expired(p_days integer, p_sealed boolean default false)
returns table (partitions integer, held integer, intents integer, more boolean)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC' set lock_timeout = '5s'
as $$
declare
  at_most constant integer := 20000;
  kept_from date;
  expired text[];
  partition text;
  changed integer;
begin
  if p_days is null or p_days not between 8 and 36500 then
    raise exception 'p_days must be 8 to 36500' using errcode = '23514', constraint = 'p_days_range';
  end if;
  partitions := 0;
  held := 0;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  kept_from := least(current_date - p_days, smarteros.needed_from(p_sealed)::date);
  expired := array(
    select p.name from smarteros.call_partitions() p where p.to_at <= kept_from order by p.from_at limit 7);
  more := cardinality(expired) = 7;
  -- What takes long comes before the lock that everybody waits for; after it, what has come since. A vacuum gives way
  -- after a second, and keeps off from then on; no one else waits for this lock.
  foreach partition in array expired loop
    execute format('lock table smarteros.%I in share update exclusive mode', partition);
  end loop;
  foreach partition in array expired || 'mcp_invocations_default'::text loop
    held := held + smarteros.hold_rows(partition, kept_from);
  end loop;
  if cardinality(expired) > 0 then
    lock table only public.mcp_invocations in access exclusive mode;
    foreach partition in array expired loop
      held := held + smarteros.hold_rows(partition, kept_from);
      execute format('drop table smarteros.%I', partition);
      partitions := partitions + 1;
    end loop;
  end if;
  with gone as (
    delete from smarteros.mcp_invocations_default i
    where i.ctid = any (array(
      select old.ctid from smarteros.mcp_invocations_default old where old.created_at < kept_from limit at_most))
    returning i.*
  ), kept as (
    insert into public.mcp_held_invocations
    select g.* from gone g where smarteros.is_held(g.user_id, g.tenant_id)
    on conflict do nothing
    returning 1
  )
  select held + (select count(*) from kept), count(*) into held, changed from gone;
  more := more or changed = at_most;
  delete from public.mcp_intents i
  where i.id = any (array(
    select old.id from public.mcp_intents old
    where old.created_at < kept_from and not smarteros.is_held(old.user_id, old.tenant_id) limit at_most));
  get diagnostics intents = row_count;
  delete from public.mcp_held_invocations i
  where i.ctid = any (array(
    select old.ctid from public.mcp_held_invocations old
    where old.created_at < kept_from and not smarteros.is_held(old.user_id, old.tenant_id) limit at_most));
  get diagnostics changed = row_count;
  more := more or greatest(intents, changed) = at_most;
  insert into smarteros.retention as r (kept_from) values (kept_from)
  on conflict (one) do update set kept_from = greatest(r.kept_from, excluded.kept_from);
  return next;
end
$$;
create index mcp_intents_newest_idx on public.mcp_intents (created_at desc, id desc);

drop function public.search_invocations(uuid, text, text, uuid, text, text, timestamptz, timestamptz, timestamptz, uuid, integer);

-- Returns calls by any filter, newest first, keyset paged by the last one's created_at and id; and with p_intents those
-- intents that have been without their invocation for a minute, with the code outcome_unknown. `p_status`: a code, failed
-- for any but success, or error for those of them that ran. Who may not audit gets their own. The log is read backwards in
-- stretches of time, each four times as long as the one before, whose bounds are constants of their queries: the planner
-- opens the newest partitions alone where those have enough. A UUIDv7 tells itself in which days to look.
create function public.search_invocations(
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
  p_limit integer default 50,
  p_intents boolean default true
) returns table (id uuid, created_at timestamptz, user_id text, tool text, tenant_id uuid, code text, success boolean,
  duration_ms integer, calls integer, door text, request_id text, trace_id text, redacted boolean, recorded_by text,
  held boolean, args text, result text)
language plpgsql stable security invoker set search_path = ''
as $$
declare
  -- Row level security says the same, but in words that no index answers.
  user_wanted constant text := case when smarteros.can('audit') then p_user else smarteros.subject() end;
  id_time constant timestamptz := smarteros.time_of_id(p_id);
  call_columns constant text := 'r.id, r.created_at, r.user_id, r.tool, r.tenant_id, r.code, r.success, r.duration_ms,
    r.calls, r.door, r.request_id, r.trace_id, r.redacted, r.recorded_by';
  newest constant text := ' order by r.created_at desc, r.id desc limit $9)';
  with_intents constant boolean := p_status = 'outcome_unknown' or (p_status is null and p_intents);
  conditions text;
  status text := 'true';
  query text;
  earliest constant timestamptz := greatest(p_from, id_time - interval '1 day', '-infinity');
  -- The stretch that is read.
  since timestamptz;
  until timestamptz := least(p_to, p_before + interval '1 microsecond', id_time + interval '2 days', 'infinity');
  length interval := '1 day';
  missing integer := p_limit;
  found_rows integer;
begin
  if p_limit is null or p_limit not between 1 and 1000 then
    raise exception 'p_limit must be 1 to 1000' using errcode = '23514', constraint = 'p_limit_range';
  end if;
  conditions := concat_ws(' and ', 'r.created_at >= %1$L and r.created_at < %2$L',
    case when p_id is not null then 'r.id = $1' end,
    case when user_wanted is not null then 'r.user_id = $2' end,
    case when user_wanted is distinct from p_user and p_user is not null then 'r.user_id = $10' end,
    case when p_tool is not null then 'r.tool = $3' end,
    case when p_tenant is not null then 'r.tenant_id = $4' end,
    case when p_request_id is not null then 'r.request_id = $6' end,
    case when p_before is not null then '(r.created_at, r.id) < ($7, $8)' end
  );
  if p_status is not null then
    status := case p_status when 'ok' then 'r.success' when 'failed' then 'not r.success'
      when 'error' then 'not r.success and r.code is distinct from ''rate_limited''' else 'r.code = $5' end;
  end if;
  query := concat(
    'select * from (',
    case when p_status is distinct from 'outcome_unknown' then
      '(select ' || call_columns || ', false as held, r.args, r.result from public.mcp_invocations r where '
      || conditions || ' and ' || status || newest || ' union all '
      || '(select ' || call_columns || ', true, r.args, r.result from public.mcp_held_invocations r where '
      || conditions || ' and ' || status || newest
    end,
    case when p_status is null and with_intents then ' union all ' end,
    case when with_intents then
      '(select r.id, r.created_at, r.user_id, r.tool, r.tenant_id, ''outcome_unknown'', false, null::integer, 1,
        null::text, r.request_id, null::text, false, r.recorded_by, false as held, r.args, null::text as result
       from public.mcp_open_intents o join public.mcp_intents r on r.id = o.id
       where r.created_at < now() - interval ''1 minute'' and ' || conditions || newest
    end,
    ') found order by 2 desc, 1 desc limit $9'
  );
  loop
    since := greatest(earliest, date_trunc('day', least(until, now()) - length, 'UTC'));
    if p_id is not null or length > interval '300 days' then
      since := earliest;
    end if;
    return query execute format(query, since, until)
      using p_id, user_wanted, p_tool, p_tenant, p_status, p_request_id, p_before,
        coalesce(p_before_id, '00000000-0000-0000-0000-000000000000'::uuid), missing, p_user;
    get diagnostics found_rows = row_count;
    missing := missing - found_rows;
    exit when missing = 0 or since = earliest;
    until := since;
    length := length * 4;
  end loop;
end
$$;

-- Seals hours that ended ten minutes ago and are not sealed, at most p_at_most, the first time the latest one alone. Begins
-- none after one second. May be called at any time and side by side. Returns the new seals.
create or replace function public.seal_audit(p_at_most integer default 24) returns table (hour timestamptz, rows bigint, hash text)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
  stop_at constant timestamptz := clock_timestamp() + interval '1 second';
  until constant timestamptz := date_trunc('hour', now() - interval '10 minutes');
  last smarteros.audit_seals;
  next_hour timestamptz;
  found_parts jsonb;
  next_hash text;
begin
  if p_at_most is null or p_at_most not between 1 and 1000 then
    raise exception 'p_at_most must be 1 to 1000' using errcode = '23514', constraint = 'p_at_most_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.seal_audit', 0));
  select s.* into last from smarteros.audit_seals s order by s.hour desc limit 1;
  for next_hour in
    select h from generate_series(
      coalesce(last.hour + interval '1 hour', until - interval '1 hour'), until - interval '1 hour', interval '1 hour'
    ) h limit p_at_most
  loop
    exit when clock_timestamp() > stop_at;
    found_parts := smarteros.seal_parts(next_hour);
    next_hash := smarteros.seal_hash(coalesce(last.hash, ''), next_hour, found_parts);
    insert into smarteros.audit_seals (hour, parts, previous, hash)
    values (next_hour, found_parts, coalesce(last.hash, ''), next_hash)
    returning * into last;
    return query select next_hour, coalesce((select sum((p -> 1)::bigint)::bigint from jsonb_array_elements(found_parts) p), 0),
      next_hash;
  end loop;
end
$$;

-- Looks at the seals after an hour, at most p_at_most and as many as one second allows, in order: whether each follows from the one before and is that of
-- the rows that are there. `problem`: changed, added, removed (of the hour's rows), broken (the seal itself is another),
-- missing (the hours before it have none).
create or replace function public.verify_seals(p_after timestamptz default null, p_at_most integer default 24)
returns table (hour timestamptz, hash text, problem text)
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
  stop_at constant timestamptz := clock_timestamp() + interval '1 second';
  gone_before constant date := coalesce((select r.kept_from from smarteros.retention r), '-infinity');
  before smarteros.audit_seals;
  seal smarteros.audit_seals;
  -- How many rows the seal and the hour have of the days that are kept, and what their hashes are.
  sealed record;
  there record;
begin
  if p_at_most is null or p_at_most not between 1 and 1000 then
    raise exception 'p_at_most must be 1 to 1000' using errcode = '23514', constraint = 'p_at_most_range';
  end if;
  select s.* into before from smarteros.audit_seals s where s.hour <= p_after order by s.hour desc limit 1;
  for seal in
    select s.* from smarteros.audit_seals s where p_after is null or s.hour > p_after order by s.hour limit p_at_most
  loop
    select coalesce(sum((p -> 1)::bigint), 0) as rows, jsonb_agg(p) as parts into sealed
    from jsonb_array_elements(seal.parts) p where (p ->> 0)::date >= gone_before;
    select coalesce(sum((p -> 1)::bigint), 0) as rows, jsonb_agg(p) as parts into there
    from jsonb_array_elements(smarteros.seal_parts(seal.hour)) p where (p ->> 0)::date >= gone_before;
    hour := seal.hour;
    hash := seal.hash;
    problem := case
      when before.hour is not null and seal.hour <> before.hour + interval '1 hour' then 'missing'
      when seal.previous <> coalesce(before.hash, '')
        or seal.hash <> smarteros.seal_hash(seal.previous, seal.hour, seal.parts) then 'broken'
      when there.rows > sealed.rows then 'added'
      when there.rows < sealed.rows then 'removed'
      when there.parts is distinct from sealed.parts then 'changed'
    end;
    return next;
    before := seal;
    exit when clock_timestamp() > stop_at;
  end loop;
end
$$;

-- Counts days of which rows have come, at most 50 days of services at once, opens and closes incidents, and drops rows that
-- nobody reads any more. After so many failures in a row a service is down, after so many successes up. May be called at any time, any number of times and side by side.
create or replace function public.roll_up_health(p_down_after integer default 3, p_up_after integer default 2)
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
    order by u.ts desc, u.service limit 50 for update skip locked
  ), taken as (
    delete from smarteros.health_uncounted u using due where u.service = due.service and u.ts = due.ts
    returning u.service, u.ts
  )
  select coalesce(array_agg(t.service), '{}'), coalesce(array_agg(t.ts), '{}') into services, starts
  -- Of older days the rows themselves may be gone: what is counted of them stays.
  from taken t where t.ts >= now() - interval '100 days';
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
  -- Also of services that nobody looks at any more. Few of each at once, so that a large backlog ends no counting.
  for name in select s.service from smarteros.health_states s order by 1 loop
    delete from public.external_health h
    where h.id in (
      select old.id from public.external_health old
      where old.service = name and old.created_at < now() - interval '101 days' limit 1000
    );
  end loop;
  return query select cardinality(services), exists (select from smarteros.health_uncounted);
end
$$;

-- Follows the rows of one service from where it was left, and opens and closes its incident. What comes late, for a time
-- that was followed already, is counted by the day and changes no incident. During maintenance nothing is followed.
create or replace function smarteros.follow_health(p_service text, p_down_after integer, p_up_after integer) returns void
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
    limit 2000
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

revoke all on function smarteros.call_partitions(), smarteros.create_call_table(text), smarteros.copy_calls(integer),
  public.move_default_rows(integer, integer), public.compact_partitions(integer), smarteros.needed_from(boolean),
  public.drop_expired(integer, boolean),
  public.search_invocations(uuid, text, text, uuid, text, text, timestamptz, timestamptz, timestamptz, uuid, integer, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.move_default_rows(integer, integer), public.compact_partitions(integer),
  public.drop_expired(integer, boolean) to service_role;
grant execute on function
  public.search_invocations(uuid, text, text, uuid, text, text, timestamptz, timestamptz, timestamptz, uuid, integer, boolean)
  to authenticated;
