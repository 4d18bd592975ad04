create or replace function smarteros.require_rows(p_rows jsonb, p_at_most integer) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  if jsonb_typeof(p_rows) is distinct from 'array' then
    raise exception 'p_rows must be an array of objects' using errcode = '23514', constraint = 'p_rows_array';
  end if;
  if jsonb_array_length(p_rows) > p_at_most then
    raise exception 'at most % rows at a time', p_at_most using errcode = '23514', constraint = 'p_rows_at_most';
  end if;
end
$$;

revoke all on function smarteros.require_rows(jsonb, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.require_rows(jsonb, integer) to service_role, smarteros_fn;
