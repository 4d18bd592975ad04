-- For a host without the service role: rows of the current user, marked `self`. The database sets user, time and origin
-- itself; a tool, code or transport that it does not know becomes `unknown` or null, a tenant that the user does not see
-- null, text over 16384 characters is cut. A row that arrived already, by its id, is not stored again. Returns
-- {"stored": n, "skipped": [{"row": index from 0, "field", "problem"}]}: a bad row does not stop the others. At most 100
-- rows a call and 6000 an hour.
create or replace function public.record_my_invocations(p_rows jsonb) returns jsonb
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
      transport, tenant_id, code, request_id, trace_id, redacted, calls)
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
      case when given.it ->> 'transport' in ('http', 'stdio', 'mcp') then given.it ->> 'transport' end,
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

revoke all on function public.record_my_invocations(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_my_invocations(jsonb) to authenticated;
alter function public.record_my_invocations(jsonb) owner to smarteros_fn;
