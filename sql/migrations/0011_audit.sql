-- The audit log found by any filter, kept as long as policy says and no longer, and sealed against whoever changes it.

create index mcp_invocations_tool_newest_idx on public.mcp_invocations (tool, created_at desc, id desc);
create index mcp_invocations_code_newest_idx on public.mcp_invocations (code, created_at desc, id desc)
  where code <> 'ok';
create index mcp_invocations_failed_newest_idx on public.mcp_invocations (created_at desc, id desc)
  where not success;
create index mcp_invocations_request_idx on public.mcp_invocations (request_id) where request_id is not null;

-- Intents whose invocation has not arrived, so that nobody compares two large tables to find the few without outcome.
create table public.mcp_open_intents (
  id uuid primary key references public.mcp_intents (id) on delete cascade,
  user_id text not null
);
alter table public.mcp_open_intents enable row level security;
alter table public.mcp_open_intents force row level security;
create policy mcp_open_intents_read_own_or_audit on public.mcp_open_intents for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

insert into public.mcp_open_intents (id, user_id)
select i.id, i.user_id from public.mcp_intents i
where not exists (select from public.mcp_invocations v where v.id = i.id);

create function smarteros.open_intents() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into public.mcp_open_intents (id, user_id) select w.id, w.user_id from written w;
  return null;
end
$$;

-- The user as well: an id is the caller's to choose, and must not end somebody else's intent.
create function smarteros.close_intents() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.mcp_open_intents o using written w where o.id = w.id and o.user_id = w.user_id;
  return null;
end
$$;

create trigger mcp_intents_open after insert on public.mcp_intents
  referencing new table as written for each statement execute function smarteros.open_intents();
create trigger mcp_invocations_close after insert on public.mcp_invocations
  referencing new table as written for each statement execute function smarteros.close_intents();

-- What must be kept beyond the policy, by whom or about whom; written by the service, ended by setting released_at.
create table public.legal_holds (
  id uuid primary key default gen_random_uuid(),
  user_id text,
  tenant_id uuid,
  reason text not null,
  created_at timestamptz not null default now(),
  released_at timestamptz,

  constraint legal_holds_user_or_tenant check ((user_id is null) <> (tenant_id is null)),
  constraint legal_holds_user_id_not_empty check (btrim(user_id) <> '' and char_length(user_id) <= 255),
  constraint legal_holds_reason_given check (char_length(btrim(reason)) between 1 and 1000)
);
alter table public.legal_holds enable row level security;
alter table public.legal_holds force row level security;
create policy legal_holds_read_audit on public.legal_holds for select to authenticated
using ((select smarteros.can('audit')));

-- Rows under a hold whose partition is gone. A column that the log gains, this table must gain as well.
create table public.mcp_held_invocations (like public.mcp_invocations including all);
alter table public.mcp_held_invocations enable row level security;
alter table public.mcp_held_invocations force row level security;
create policy mcp_held_invocations_read_own_or_audit on public.mcp_held_invocations for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

-- Rows of earlier days are gone by policy, as against by somebody's hand. One row.
create table smarteros.retention (
  one boolean primary key default true check (one),
  kept_from date not null
);
alter table smarteros.retention enable row level security;
alter table smarteros.retention force row level security;

revoke all on public.mcp_open_intents, public.legal_holds, public.mcp_held_invocations, smarteros.retention
  from public, anon, authenticated, service_role;
grant select on public.mcp_open_intents, public.legal_holds, public.mcp_held_invocations to authenticated, service_role;
grant insert, update (released_at) on public.legal_holds to service_role;

create function smarteros.is_held(p_user_id text, p_tenant_id uuid) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from public.legal_holds h
    where h.released_at is null and (h.user_id = p_user_id or h.tenant_id = p_tenant_id)
  )
$$;

-- Copies aside what holds keep of one partition; answers how many rows are new there.
create function smarteros.hold_rows(p_partition text, p_before timestamptz) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  copied integer;
begin
  execute format(
    'insert into public.mcp_held_invocations
     select i.* from smarteros.%I i
     where i.created_at < $1
       and (i.user_id in (select h.user_id from public.legal_holds h where h.released_at is null)
         or i.tenant_id in (select h.tenant_id from public.legal_holds h where h.released_at is null))
     on conflict do nothing', p_partition
  ) using p_before;
  get diagnostics copied = row_count;
  return copied;
end
$$;

-- Drops the partitions of days (UTC) that are more than p_days ago, with what fell into the default partition and the
-- intents of those days. Rows under a hold are copied aside first, and leave when the hold is released. May be called at
-- any time, any number of times and side by side. Eight days at least: for a week late rows are counted again.
create function public.drop_expired(p_days integer) returns table (partitions integer, held integer, intents integer)
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
  -- What takes long comes before the lock that everybody waits for; after it, what has come meanwhile.
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
-- their invocation for a minute, with the code outcome_unknown. `p_status`: a code, or failed for any but success.
-- Whoever may not audit gets their own.
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
    status := case p_status when 'ok' then 'r.success' when 'failed' then 'not r.success' else 'r.code = $5' end;
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

-- A hash over the rows of each hour by the time they arrived, chained to the one before. Whoever has the latest hash from
-- elsewhere, such as a log, sees by it that no seal was changed and none cut off.
create table smarteros.audit_seals (
  hour timestamptz primary key,
  -- [day of created_at, rows, hash of those rows] for each day: the rows of some may be gone by policy before others.
  parts jsonb not null,
  previous text not null,
  hash text not null,
  sealed_at timestamptz not null default now()
);
alter table smarteros.audit_seals enable row level security;
alter table smarteros.audit_seals force row level security;
revoke all on smarteros.audit_seals from public, anon, authenticated, service_role;

create function smarteros.seal_parts(p_hour timestamptz) returns jsonb
language sql stable set search_path = '' set timezone = 'UTC'
as $$
  select coalesce(jsonb_agg(jsonb_build_array(part.day, part.rows, part.hash) order by part.day), '[]')
  from (
    select i.created_at::date as day, count(*) as rows,
      encode(sha256(string_agg(sha256(convert_to(jsonb_build_array(
        i.id, i.created_at, i.user_id, i.tool, i.args, i.result, i.duration_ms, i.success, i.recorded_by, i.door,
        i.tenant_id, i.code, i.request_id, i.trace_id, i.redacted, i.calls, i.recorded_at
      )::text, 'UTF8')), '' order by i.id, i.created_at)), 'hex') as hash
    from public.mcp_invocations i
    where i.recorded_at >= p_hour and i.recorded_at < p_hour + interval '1 hour'
    group by 1
  ) part
$$;

create function smarteros.seal_hash(p_previous text, p_hour timestamptz, p_parts jsonb) returns text
language sql stable set search_path = '' set timezone = 'UTC'
as $$ select encode(sha256(convert_to(jsonb_build_array(p_previous, p_hour, p_parts)::text, 'UTF8')), 'hex') $$;

-- Seals hours that ended ten minutes ago and are not sealed, at most so many, the first time the latest one alone. May be
-- called at any time and side by side. Answers the new seals.
create function public.seal_audit(p_at_most integer default 24) returns table (hour timestamptz, rows bigint, hash text)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
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

-- Looks at the seals after an hour, at most so many, in order: whether each follows from the one before and is that of
-- the rows that are there. `problem`: changed, added, removed (of the hour's rows), broken (the seal itself is another),
-- missing (the hours before it have none).
create function public.verify_seals(p_after timestamptz default null, p_at_most integer default 24)
returns table (hour timestamptz, hash text, problem text)
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
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
  end loop;
end
$$;

revoke all on function smarteros.open_intents(), smarteros.close_intents(), smarteros.is_held(text, uuid),
  smarteros.hold_rows(text, timestamptz), public.drop_expired(integer),
  public.search_invocations(uuid, text, text, uuid, text, text, timestamptz, timestamptz, timestamptz, uuid, integer),
  smarteros.seal_parts(timestamptz), smarteros.seal_hash(text, timestamptz, jsonb), public.seal_audit(integer),
  public.verify_seals(timestamptz, integer)
  from public, anon, authenticated, service_role;
grant execute on function
  public.search_invocations(uuid, text, text, uuid, text, text, timestamptz, timestamptz, timestamptz, uuid, integer)
  to authenticated;
grant execute on function public.drop_expired(integer), public.seal_audit(integer),
  public.verify_seals(timestamptz, integer) to service_role;
