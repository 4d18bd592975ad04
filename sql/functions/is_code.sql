-- True for a code of `ErrorCode` in @smarteros/core, and for ok.
create or replace function smarteros.is_code(p_code text) returns boolean
language sql immutable parallel safe
as $$
  select p_code in ('ok', 'mcp_disabled', 'unauthorized', 'forbidden', 'invalid_json', 'missing_name', 'invalid_input',
    'method_not_allowed', 'unsupported_media_type', 'payload_too_large', 'tool_not_found', 'not_found', 'conflict',
    'quota_exceeded', 'rate_limited', 'cancelled', 'upstream_error', 'upstream_timeout', 'deadline_exceeded',
    'unavailable', 'internal')
$$;

revoke all on function smarteros.is_code(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.is_code(text) to smarteros_fn;
