-- For the service: rows of any principal, with the id and time that the recorder made, so that a replay of rows that
-- arrived already adds nothing. Durations and counts are cut to what the table takes. Returns how many were new.
create or replace function public.record_invocations(p_rows jsonb) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  inserted integer;
begin
  perform smarteros.require_rows(p_rows, 1000);
  insert into public.mcp_invocations (id, user_id, tool, args, result, duration_ms, success, created_at, transport, tenant_id,
    code, request_id, trace_id, redacted, calls)
  select coalesce(r.id, gen_random_uuid()), r.user_id, left(r.tool, 200), r.args, r.result,
    round(least(r.duration_ms, 86400000)), coalesce(r.success, true), coalesce(r.created_at, now()), r.transport, r.tenant_id,
    r.code, left(r.request_id, 200), r.trace_id, coalesce(r.redacted, false), least(coalesce(r.calls, 1), 1000000)
  from jsonb_to_recordset(p_rows) r(id uuid, user_id text, tool text, args text, result text, duration_ms numeric,
    success boolean, created_at timestamptz, transport text, tenant_id uuid, code text, request_id text, trace_id text,
    redacted boolean, calls bigint)
  on conflict do nothing;
  get diagnostics inserted = row_count;
  return inserted;
end
$$;

revoke all on function public.record_invocations(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.record_invocations(jsonb) to service_role;
