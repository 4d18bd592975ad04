create or replace function smarteros.seal_hash(p_previous text, p_hour timestamptz, p_parts jsonb) returns text
language sql stable set search_path = '' set timezone = 'UTC'
as $$ select encode(sha256(convert_to(jsonb_build_array(p_previous, p_hour, p_parts)::text, 'UTF8')), 'hex') $$;

revoke all on function smarteros.seal_hash(text, timestamptz, jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
