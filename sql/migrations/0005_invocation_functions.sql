create function smarteros.require_rows(p_rows jsonb, p_at_most integer) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  if jsonb_typeof(p_rows) is distinct from 'array' then
    raise exception 'p_rows must be an array of objects' using errcode = '23514', constraint = 'p_rows_array';
  end if;
  if jsonb_array_length(p_rows) > p_at_most then
    raise exception 'at most % rows at a time', p_at_most using errcode = '23514', constraint = 'p_rows_at_most';
  end if;
end
$$;

-- A caller's own clock is believed only this far, so that nobody writes into the past or keeps a row out of a page.
create function smarteros.require_recent(p_at timestamptz) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if p_at not between now() - interval '5 minutes' and now() + interval '5 minutes' then
    raise exception 'created_at must be within 5 minutes of now' using errcode = '23514', constraint = 'created_at_recent';
  end if;
end
$$;

-- For the service: rows of any principal, with the id and time that the recorder made, so that a replay of rows that
-- arrived already adds nothing. Answers how many were new.
create function public.record_invocations(p_rows jsonb) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  inserted integer;
begin
  perform smarteros.require_rows(p_rows, 1000);
  insert into public.mcp_invocations (id, user_id, tool, args, result, duration_ms, success, created_at, door, tenant_id,
    code, request_id, trace_id, redacted, calls)
  select coalesce(r.id, gen_random_uuid()), r.user_id, left(r.tool, 200), r.args, r.result, round(r.duration_ms),
    coalesce(r.success, true), coalesce(r.created_at, now()), r.door, r.tenant_id, r.code, left(r.request_id, 200),
    r.trace_id, coalesce(r.redacted, false), coalesce(r.calls, 1)
  from jsonb_to_recordset(p_rows) r(id uuid, user_id text, tool text, args text, result text, duration_ms numeric,
    success boolean, created_at timestamptz, door text, tenant_id uuid, code text, request_id text, trace_id text,
    redacted boolean, calls integer)
  on conflict do nothing;
  get diagnostics inserted = row_count;
  return inserted;
end
$$;

-- For a door without the service role: the user is the token's, whatever the rows say, and every row says 'self'.
create function public.record_my_invocations(p_rows jsonb) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  inserted integer;
begin
  perform smarteros.require('read');
  perform smarteros.require_rows(p_rows, 100);
  perform smarteros.require_recent(r.created_at) from jsonb_to_recordset(p_rows) r(created_at timestamptz);
  insert into public.mcp_invocations (id, user_id, tool, args, result, duration_ms, success, created_at, recorded_by, door,
    tenant_id, code, request_id, trace_id, redacted, calls)
  select coalesce(r.id, gen_random_uuid()), smarteros.subject(), left(r.tool, 200), left(r.args, 16384),
    left(r.result, 16384), round(r.duration_ms), coalesce(r.success, true), coalesce(r.created_at, now()), 'self',
    r.door, r.tenant_id, r.code, left(r.request_id, 200), r.trace_id, coalesce(r.redacted, false), coalesce(r.calls, 1)
  from jsonb_to_recordset(p_rows) r(id uuid, tool text, args text, result text, duration_ms numeric, success boolean,
    created_at timestamptz, door text, tenant_id uuid, code text, request_id text, trace_id text, redacted boolean,
    calls integer)
  on conflict do nothing;
  get diagnostics inserted = row_count;
  return inserted;
end
$$;

-- An id that is taken is an error here: a tool runs on the strength of this row being its own.
create function public.record_intent(p_intent jsonb) returns uuid
language sql volatile security invoker set search_path = ''
as $$
  insert into public.mcp_intents (id, user_id, tool, tenant_id, args, request_id, created_at)
  select coalesce(r.id, gen_random_uuid()), r.user_id, left(r.tool, 200), r.tenant_id, r.args, left(r.request_id, 200),
    coalesce(r.created_at, now())
  from jsonb_to_record(p_intent) r(id uuid, user_id text, tool text, tenant_id uuid, args text, request_id text,
    created_at timestamptz)
  returning id
$$;

create function public.record_my_intent(p_intent jsonb) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  given record;
begin
  perform smarteros.require('read');
  if jsonb_typeof(p_intent) is distinct from 'object' then
    raise exception 'p_intent must be an object' using errcode = '23514', constraint = 'p_intent_object';
  end if;
  select coalesce(r.id, gen_random_uuid()) as id, left(r.tool, 200) as tool, r.tenant_id, left(r.args, 16384) as args,
    left(r.request_id, 200) as request_id, coalesce(r.created_at, now()) as created_at
  into given
  from jsonb_to_record(p_intent) r(id uuid, tool text, tenant_id uuid, args text, request_id text, created_at timestamptz);
  perform smarteros.require_recent(given.created_at);
  insert into public.mcp_intents (id, user_id, tool, tenant_id, args, request_id, created_at)
  values (given.id, smarteros.subject(), given.tool, given.tenant_id, given.args, given.request_id, given.created_at);
  return given.id;
end
$$;

-- Daily partitions (UTC) from today to p_days_ahead, and for earlier days whose rows fell into the default partition
-- while nobody called this: those rows move, or no partition for their day could ever be made and retention would never
-- reach them. The lock on the whole table comes first: a writer who had chosen the default partition before the new one
-- was there would be refused by it, and whoever reads and then writes would meet us in a deadlock. Answers how many it
-- made.
create function public.ensure_partitions(p_days_ahead integer default 7) returns integer
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  day date;
  partition text;
  made integer := 0;
begin
  if p_days_ahead is null or p_days_ahead not between 0 and 366 then
    raise exception 'p_days_ahead must be 0 to 366' using errcode = '23514', constraint = 'p_days_ahead_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  for day in
    select d::date from generate_series(current_date, current_date + p_days_ahead, interval '1 day') d
    union
    select distinct created_at::date from smarteros.mcp_invocations_default where created_at < current_date
    order by 1
  loop
    partition := 'mcp_invocations_' || to_char(day, 'YYYYMMDD');
    continue when exists (
      select from pg_catalog.pg_class where relname = partition and relnamespace = 'smarteros'::regnamespace
    );
    lock table only public.mcp_invocations in access exclusive mode;
    execute format('create table smarteros.%I (like public.mcp_invocations including all)', partition);
    execute format('alter table smarteros.%I enable row level security', partition);
    execute format('alter table smarteros.%I force row level security', partition);
    execute format('revoke all on smarteros.%I from public, anon, authenticated, service_role', partition);
    execute format(
      'with moved as (
        delete from smarteros.mcp_invocations_default where created_at >= %1$L and created_at < %2$L returning *
      ) insert into smarteros.%3$I select * from moved',
      day::timestamptz, (day + 1)::timestamptz, partition
    );
    execute format(
      'alter table public.mcp_invocations attach partition smarteros.%I for values from (%L) to (%L)',
      partition, day::timestamptz, (day + 1)::timestamptz
    );
    made := made + 1;
  end loop;
  return made;
end
$$;

revoke all on function smarteros.require_rows(jsonb, integer), smarteros.require_recent(timestamptz),
  public.record_invocations(jsonb), public.record_my_invocations(jsonb), public.record_intent(jsonb),
  public.record_my_intent(jsonb), public.ensure_partitions(integer)
  from public, anon, authenticated, service_role;
grant execute on function smarteros.require_rows(jsonb, integer) to service_role, smarteros_fn;
grant execute on function smarteros.require_recent(timestamptz) to smarteros_fn;
grant execute on function public.record_invocations(jsonb), public.record_intent(jsonb),
  public.ensure_partitions(integer) to service_role;
grant execute on function public.record_my_invocations(jsonb), public.record_my_intent(jsonb) to authenticated;

grant create on schema public to smarteros_fn;
alter function public.record_my_invocations(jsonb) owner to smarteros_fn;
alter function public.record_my_intent(jsonb) owner to smarteros_fn;
revoke create on schema public from smarteros_fn;
