-- Returns the time of a UUIDv7, or null for any other UUID.
create or replace function smarteros.time_of_id(p_id uuid) returns timestamptz
language sql immutable parallel safe
as $$
  select case when substr(p_id::text, 15, 1) = '7' then
    to_timestamp(('x0000' || substr(replace(p_id::text, '-', ''), 1, 12))::bit(64)::bigint / 1000.0)
  end
$$;

revoke all on function smarteros.time_of_id(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.time_of_id(uuid) to authenticated, smarteros_fn;
