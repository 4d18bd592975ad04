-- Rows that a user's own token wrote. The database takes from them only what it cannot know itself, limits them per user,
-- and marks them, so that they never decide what others see.

-- Settings that SQL enforces as well, as JSON by name. Written by `configure`; an absent name has its default.
create table smarteros.settings (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

-- Tools of the catalogs that hosts with the service role have loaded. A self-reported row may name only these.
create table smarteros.known_tools (
  name text primary key,
  seen_at timestamptz not null default now(),

  constraint known_tools_name_shape check (name ~ '^[a-z][a-z0-9]*\.[A-Za-z][A-Za-z0-9]*$' and char_length(name) <= 64)
);

-- Those of this release, so that an installation without any such host knows them too.
insert into smarteros.known_tools (name) values
  ('alerts.addTarget'), ('alerts.deleteRule'), ('alerts.muteRule'), ('alerts.removeTarget'), ('alerts.saveRule'),
  ('alerts.testTarget'), ('analytics.summary'), ('audit.search'), ('fastapi.get'), ('fastapi.post'),
  ('health.announceMaintenance'), ('health.endMaintenance'), ('health.timeline'), ('n8n.register'), ('n8n.trigger'),
  ('services.cancel'), ('services.provision'), ('services.remove'), ('services.retry'), ('services.status'),
  ('tenants.create'), ('tenants.delete'), ('tenants.get'), ('tenants.handOver'), ('tenants.list'),
  ('tenants.restore'), ('tenants.updateServices');

-- Rows that each user has reported in the hour that began at hour_start.
create table smarteros.self_report_counts (
  user_id text primary key,
  hour_start timestamptz not null,
  rows integer not null
);

do $$
declare
  name text;
begin
  foreach name in array '{settings,known_tools,self_report_counts}'::text[] loop
    execute format('alter table smarteros.%I enable row level security', name);
    execute format('alter table smarteros.%I force row level security', name);
    execute format('revoke all on smarteros.%I from public, anon, authenticated, service_role', name);
  end loop;
end
$$;

create policy known_tools_read on smarteros.known_tools for select to smarteros_fn using (true);
grant select on smarteros.known_tools to smarteros_fn;
create policy self_report_counts_own on smarteros.self_report_counts for all to smarteros_fn
using (user_id = (select smarteros.subject())) with check (user_id = (select smarteros.subject()));
grant select, insert, update on smarteros.self_report_counts to smarteros_fn;

-- Returns a setting, or null where it has its default. Security definer: policies call it as the current role.
create function smarteros.setting(p_name text) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (select s.value from smarteros.settings s where s.name = p_name);
end
$$;

-- Adds tool names to those that a self-reported row may carry. For hosts with the service role, at their start. Returns how
-- many are new. Raises 23514 for a malformed name or more than 1000.
create function public.register_tools(p_names text[]) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  added integer;
begin
  if cardinality(p_names) > 1000 then
    raise exception 'at most 1000 names at a time' using errcode = '23514', constraint = 'p_names_at_most';
  end if;
  insert into smarteros.known_tools as t (name)
  select distinct n from unnest(p_names) n order by 1
  on conflict do nothing;
  get diagnostics added = row_count;
  return added;
end
$$;

-- True for a code of `ErrorCode` in @smarteros/core, and for ok.
create function smarteros.is_code(p_code text) returns boolean
language sql immutable parallel safe
as $$
  select p_code in ('ok', 'mcp_disabled', 'unauthorized', 'forbidden', 'invalid_json', 'missing_name', 'invalid_input',
    'method_not_allowed', 'unsupported_media_type', 'payload_too_large', 'tool_not_found', 'not_found', 'conflict',
    'quota_exceeded', 'rate_limited', 'cancelled', 'upstream_error', 'upstream_timeout', 'deadline_exceeded',
    'unavailable', 'internal')
$$;

-- Intents are marked like invocations, and one is closed only by a row of the same origin: a user must not be able to end
-- the intent that the service wrote for them.
alter table public.mcp_intents add column recorded_by text not null default 'service';
alter table public.mcp_intents
  add constraint mcp_intents_recorded_by_known check (recorded_by in ('service', 'self'));
alter table public.mcp_open_intents add column recorded_by text not null default 'service';
revoke insert on public.mcp_intents from service_role;
grant insert (id, user_id, tool, tenant_id, args, request_id, created_at) on public.mcp_intents to service_role;

drop policy mcp_intents_record_own on public.mcp_intents;
create policy mcp_intents_record_own on public.mcp_intents for insert to smarteros_fn
with check (
  (select smarteros.can('read')) and user_id = (select smarteros.subject()) and recorded_by = 'self'
);

create or replace function smarteros.open_intents() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into public.mcp_open_intents (id, user_id, recorded_by) select w.id, w.user_id, w.recorded_by from written w;
  return null;
end
$$;

create or replace function smarteros.close_intents() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.mcp_open_intents o using written w
  where o.id = w.id and o.user_id = w.user_id and o.recorded_by = w.recorded_by;
  return null;
end
$$;

-- For the service: rows of any principal, with the id and time that the recorder made, so that a replay of rows that
-- arrived already adds nothing. Durations and counts are cut to what the table takes. Returns how many were new.
create or replace function public.record_invocations(p_rows jsonb) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  inserted integer;
begin
  perform smarteros.require_rows(p_rows, 1000);
  insert into public.mcp_invocations (id, user_id, tool, args, result, duration_ms, success, created_at, door, tenant_id,
    code, request_id, trace_id, redacted, calls)
  select coalesce(r.id, gen_random_uuid()), r.user_id, left(r.tool, 200), r.args, r.result,
    round(least(r.duration_ms, 86400000)), coalesce(r.success, true), coalesce(r.created_at, now()), r.door, r.tenant_id,
    r.code, left(r.request_id, 200), r.trace_id, coalesce(r.redacted, false), least(coalesce(r.calls, 1), 1000000)
  from jsonb_to_recordset(p_rows) r(id uuid, user_id text, tool text, args text, result text, duration_ms numeric,
    success boolean, created_at timestamptz, door text, tenant_id uuid, code text, request_id text, trace_id text,
    redacted boolean, calls bigint)
  on conflict do nothing;
  get diagnostics inserted = row_count;
  return inserted;
end
$$;

-- Returns the time of a UUIDv7, or null for any other UUID.
create function smarteros.time_of_id(p_id uuid) returns timestamptz
language sql immutable parallel safe
as $$
  select case when substr(p_id::text, 15, 1) = '7' then
    to_timestamp(('x0000' || substr(replace(p_id::text, '-', ''), 1, 12))::bit(64)::bigint / 1000.0)
  end
$$;

-- Names the first field of a self-reported row that cannot be stored, and why; null where there is none.
create function smarteros.self_report_problem(p_row jsonb) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  a_uuid constant text := '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
  field text;
begin
  if jsonb_typeof(p_row) <> 'object' then
    return jsonb_build_object('field', '', 'problem', 'must be an object');
  end if;
  if jsonb_typeof(p_row -> 'tool') is distinct from 'string' then
    return jsonb_build_object('field', 'tool', 'problem', 'must be a text');
  end if;
  foreach field in array '{id,tenant_id}'::text[] loop
    if coalesce(p_row ->> field, '00000000-0000-0000-0000-000000000000') !~* a_uuid then
      return jsonb_build_object('field', field, 'problem', 'must be a UUID');
    end if;
  end loop;
  if smarteros.time_of_id((p_row ->> 'id')::uuid) not between now() - interval '1 day' and now() + interval '1 day' then
    return jsonb_build_object('field', 'id', 'problem', 'must be a UUIDv7 of today');
  end if;
  if jsonb_typeof(p_row -> 'duration_ms') is distinct from 'number'
    or (p_row ->> 'duration_ms')::numeric not between 0 and 86400000 then
    return jsonb_build_object('field', 'duration_ms', 'problem', 'must be 0 to 86400000');
  end if;
  if coalesce(jsonb_typeof(p_row -> 'calls'), 'null') not in ('number', 'null')
    or coalesce((p_row ->> 'calls')::numeric, 1) not between 1 and 10000 then
    return jsonb_build_object('field', 'calls', 'problem', 'must be 1 to 10000');
  end if;
  foreach field in array '{success,redacted}'::text[] loop
    if coalesce(jsonb_typeof(p_row -> field), 'null') not in ('boolean', 'null') then
      return jsonb_build_object('field', field, 'problem', 'must be true or false');
    end if;
  end loop;
  foreach field in array '{args,result,code,door,request_id,trace_id}'::text[] loop
    if coalesce(jsonb_typeof(p_row -> field), 'null') not in ('string', 'null') then
      return jsonb_build_object('field', field, 'problem', 'must be a text');
    end if;
  end loop;
  if coalesce(p_row ->> 'trace_id', repeat('0', 32)) !~ '^[0-9a-f]{32}$' then
    return jsonb_build_object('field', 'trace_id', 'problem', 'must be 32 hexadecimal digits');
  end if;
  return null;
end
$$;

-- Draws p_rows from what the current user may still report in this hour (6000 rows); returns how many they get. Holds the
-- user's lock until the transaction ends, so that two reports of one user do not store one row twice.
create function smarteros.draw_self_reports(p_rows integer) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  per_hour constant integer := 6000;
  this_hour constant timestamptz := date_trunc('hour', now());
  used integer;
begin
  perform pg_advisory_xact_lock(hashtextextended('smarteros.self_reports:' || smarteros.subject(), 0));
  insert into smarteros.self_report_counts as c (user_id, hour_start, rows)
  values (smarteros.subject(), this_hour, p_rows)
  on conflict (user_id) do update
    set hour_start = excluded.hour_start,
      rows = case when c.hour_start = excluded.hour_start then c.rows + excluded.rows else excluded.rows end
  returning rows into used;
  return greatest(0, least(p_rows, per_hour - (used - p_rows)));
end
$$;

-- A function of smarteros_fn cannot be replaced by postgres, but dropped.
drop function public.record_my_invocations(jsonb);
drop function public.record_my_intent(jsonb);

-- For a host without the service role: rows of the current user, marked `self`. The database sets user, time and origin
-- itself; a tool, code or transport that it does not know becomes `unknown` or null, a tenant that the user does not see
-- null, text over 16384 characters is cut. A row that arrived already, by its id, is not stored again. Returns
-- {"stored": n, "skipped": [{"row": index from 0, "field", "problem"}]}: a bad row does not stop the others. At most 100
-- rows a call and 6000 an hour.
create function public.record_my_invocations(p_rows jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  me constant text := smarteros.subject();
  given record;
  allowed integer;
  problem jsonb;
  skipped jsonb := '[]';
  stored integer := 0;
begin
  perform smarteros.require('read');
  perform smarteros.require_rows(p_rows, 100);
  allowed := smarteros.draw_self_reports(jsonb_array_length(p_rows));
  for given in
    select e.value as it, (e.ordinality - 1)::integer as index, coalesce((e.value ->> 'id')::text, '') as id
    from jsonb_array_elements(p_rows) with ordinality e
    order by e.ordinality
  loop
    problem := case when given.index >= allowed
      then jsonb_build_object('field', '', 'problem', 'over 6000 rows an hour')
      else smarteros.self_report_problem(given.it) end;
    if problem is not null then
      skipped := skipped || jsonb_build_array(jsonb_build_object('row', given.index) || problem);
      continue;
    end if;
    continue when given.id <> '' and exists (
      select from public.mcp_invocations i
      where i.user_id = me and i.id = given.id::uuid and i.created_at > now() - interval '2 days'
    );
    insert into public.mcp_invocations (id, user_id, tool, args, result, duration_ms, success, created_at, recorded_by,
      door, tenant_id, code, request_id, trace_id, redacted, calls)
    values (
      coalesce(nullif(given.id, '')::uuid, gen_random_uuid()),
      me,
      coalesce((select t.name from smarteros.known_tools t where t.name = given.it ->> 'tool'), 'unknown'),
      left(given.it ->> 'args', 16384),
      left(given.it ->> 'result', 16384),
      round((given.it ->> 'duration_ms')::numeric),
      coalesce((given.it ->> 'success')::boolean, true),
      -- In the order in which they came.
      now() + make_interval(secs => given.index / 1000000.0),
      'self',
      case when given.it ->> 'door' in ('http', 'stdio', 'mcp') then given.it ->> 'door' end,
      (select t.id from public.tenants t where t.id = (given.it ->> 'tenant_id')::uuid),
      case when smarteros.is_code(given.it ->> 'code') then given.it ->> 'code'
        when given.it ->> 'code' is not null then 'unknown' end,
      left(nullif(given.it ->> 'request_id', ''), 200),
      given.it ->> 'trace_id',
      coalesce((given.it ->> 'redacted')::boolean, false),
      coalesce((given.it ->> 'calls')::numeric, 1)
    );
    stored := stored + 1;
  end loop;
  return jsonb_build_object('stored', stored, 'skipped', skipped);
end
$$;

-- The same for one intent: raises 23514 with the constraint `p_intent_<field>` for a bad one, and 53400 over the limit.
-- An id that is taken is 23505: a tool runs on the strength of this row being its own.
create function public.record_my_intent(p_intent jsonb) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  problem jsonb;
  made uuid;
begin
  perform smarteros.require('read');
  problem := smarteros.self_report_problem(
    case when jsonb_typeof(p_intent) = 'object' then p_intent || '{"duration_ms": 0}' else 'null' end);
  if problem is not null then
    raise exception 'p_intent: % %', problem ->> 'field', problem ->> 'problem'
      using errcode = '23514', constraint = 'p_intent_' || coalesce(nullif(problem ->> 'field', ''), 'object');
  end if;
  if smarteros.draw_self_reports(1) = 0 then
    raise exception 'over 6000 rows an hour' using errcode = '53400';
  end if;
  made := coalesce((p_intent ->> 'id')::uuid, gen_random_uuid());
  insert into public.mcp_intents (id, user_id, tool, tenant_id, args, request_id, created_at, recorded_by)
  values (
    made,
    smarteros.subject(),
    coalesce((select t.name from smarteros.known_tools t where t.name = p_intent ->> 'tool'), 'unknown'),
    (select t.id from public.tenants t where t.id = (p_intent ->> 'tenant_id')::uuid),
    left(p_intent ->> 'args', 16384),
    left(nullif(p_intent ->> 'request_id', ''), 200),
    now(),
    'self'
  );
  return made;
end
$$;

drop function smarteros.require_recent(timestamptz);

revoke all on function smarteros.setting(text), public.register_tools(text[]), smarteros.is_code(text),
  smarteros.time_of_id(uuid), smarteros.self_report_problem(jsonb), smarteros.draw_self_reports(integer),
  public.record_my_invocations(jsonb), public.record_my_intent(jsonb)
  from public, anon, authenticated, service_role;
grant execute on function smarteros.setting(text) to authenticated, smarteros_fn;
grant execute on function public.register_tools(text[]) to service_role;
grant execute on function smarteros.is_code(text), smarteros.self_report_problem(jsonb),
  smarteros.draw_self_reports(integer) to smarteros_fn;
grant execute on function smarteros.time_of_id(uuid) to authenticated, smarteros_fn;
grant execute on function public.record_my_invocations(jsonb), public.record_my_intent(jsonb) to authenticated;
-- For the look whether a row arrived already, and no more than the user's own.
grant select (id, user_id, created_at) on public.mcp_invocations to smarteros_fn;
create policy mcp_invocations_find_own on public.mcp_invocations for select to smarteros_fn
using (user_id = (select smarteros.subject()));

grant create on schema public to smarteros_fn;
alter function public.record_my_invocations(jsonb) owner to smarteros_fn;
alter function public.record_my_intent(jsonb) owner to smarteros_fn;
revoke create on schema public from smarteros_fn;
