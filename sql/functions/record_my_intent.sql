-- The same for one intent: raises 23514 with the constraint `p_intent_<field>` for a bad one, and 53400 over the limit.
-- An id that is taken is 23505: a tool runs on the strength of this row being its own.
create or replace function public.record_my_intent(p_intent jsonb) returns uuid
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

revoke all on function public.record_my_intent(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_my_intent(jsonb) to authenticated;
alter function public.record_my_intent(jsonb) owner to smarteros_fn;
