create or replace function smarteros.seal_parts(p_hour timestamptz) returns jsonb
language sql stable set search_path = '' set timezone = 'UTC'
as $$
  select coalesce(jsonb_agg(jsonb_build_array(part.day, part.rows, part.hash) order by part.day), '[]')
  from (
    select i.created_at::date as day, count(*) as rows,
      encode(sha256(string_agg(sha256(convert_to(jsonb_build_array(
        i.id, i.created_at, i.user_id, i.tool, i.args, i.result, i.duration_ms, i.success, i.recorded_by, i.transport,
        i.tenant_id, i.code, i.request_id, i.trace_id, i.redacted, i.calls, i.recorded_at
      )::text, 'UTF8')), '' order by i.id, i.created_at)), 'hex') as hash
    from public.mcp_invocations i
    where i.recorded_at >= p_hour and i.recorded_at < p_hour + interval '1 hour'
    group by 1
  ) part
$$;

revoke all on function smarteros.seal_parts(timestamptz) from public, anon, authenticated, service_role, smarteros_fn;
