-- Returns the kind of a vendor's failure from the error of a task; null without an error.
create or replace function smarteros.error_kind_of(p_error jsonb) returns text
language sql immutable set search_path = ''
as $$
  select case
    when p_error ->> 'code' in ('auth', 'forbidden', 'licence', 'not_found', 'conflict', 'validation', 'rate_limited',
      'unavailable', 'quota') then p_error ->> 'code'
    when p_error is not null then 'unknown'
  end
$$;

revoke all on function smarteros.error_kind_of(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.error_kind_of(jsonb) to service_role, smarteros_fn;
