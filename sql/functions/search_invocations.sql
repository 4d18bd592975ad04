-- Returns calls by any filter, newest first, keyset paged by the last one's created_at and id; and with p_intents those
-- intents that have been without their invocation for a minute, with the code outcome_unknown. `p_status`: a code, failed
-- for any but success, or error for those of them that ran. Who may not audit gets their own. The log is read backwards in
-- stretches of time, each four times as long as the one before, whose bounds are constants of their queries: the planner
-- opens the newest partitions alone where those have enough. A UUIDv7 tells itself in which days to look.
create or replace function public.search_invocations(
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
  duration_ms integer, calls integer, transport text, request_id text, trace_id text, redacted boolean, recorded_by text,
  held boolean, args text, result text)
language plpgsql stable security invoker set search_path = ''
as $$
declare
  -- Row level security says the same, but in words that no index answers.
  user_wanted constant text := case when smarteros.can('audit') then p_user else smarteros.subject() end;
  id_time constant timestamptz := smarteros.time_of_id(p_id);
  call_columns constant text := 'r.id, r.created_at, r.user_id, r.tool, r.tenant_id, r.code, r.success, r.duration_ms,
    r.calls, r.transport, r.request_id, r.trace_id, r.redacted, r.recorded_by';
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

revoke all on function public.search_invocations(uuid, text, text, uuid, text, text, timestamptz, timestamptz, timestamptz, uuid, integer, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.search_invocations(uuid, text, text, uuid, text, text, timestamptz, timestamptz, timestamptz, uuid, integer, boolean)
  to authenticated;
