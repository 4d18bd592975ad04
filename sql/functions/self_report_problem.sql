-- Names the first field of a self-reported row that cannot be stored, and why; null where there is none.
create or replace function smarteros.self_report_problem(p_row jsonb) returns jsonb
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
  foreach field in array '{args,result,code,transport,request_id,trace_id}'::text[] loop
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

revoke all on function smarteros.self_report_problem(jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.self_report_problem(jsonb) to smarteros_fn;
