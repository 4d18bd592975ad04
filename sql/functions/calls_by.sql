-- Returns the query for store_rollups that counts the calls from p_from to p_to under p_condition, each for every line of
-- p_lines: (scope, scope_key, tool) by the columns of `c`. The bounds are constants of the query, so that the planner opens
-- no other partitions.
create or replace function smarteros.calls_by(p_from timestamptz, p_to timestamptz, p_condition text, p_lines text) returns text
language sql immutable set search_path = ''
as $$
  select format(
    'select line.scope, line.scope_key, line.tool, c.bin, c.calls, c.errors, c.limited
     from (
       select i.user_id, i.tenant_id::text as tenant_id, i.tool, i.recorded_by = ''self'' as is_self,
         smarteros.latency_bin(i.duration_ms) as bin,
         count(*) filter (where i.code is distinct from ''rate_limited'') as calls,
         count(*) filter (where not i.success and i.code is distinct from ''rate_limited'') as errors,
         coalesce(sum(i.calls) filter (where i.code = ''rate_limited''), 0) as limited
       from public.mcp_invocations i
       where i.created_at >= %L and i.created_at < %L and %s
       group by 1, 2, 3, 4, 5
     ) c
     cross join lateral (values %s) as line (scope, scope_key, tool)', p_from, p_to, p_condition, p_lines
  )
$$;

revoke all on function smarteros.calls_by(timestamptz, timestamptz, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
