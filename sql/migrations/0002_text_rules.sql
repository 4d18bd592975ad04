-- Chilean tax id in its stored form `76086428-5`: body 1,000,000 to 99,999,999, then the modulo 11 check digit.
create function smarteros.rut_ok(p_rut text) returns boolean
language sql immutable parallel safe set search_path = ''
as $$
  select case when p_rut ~ '^[1-9][0-9]{6,7}-[0-9K]$' then (
    select split_part(p_rut, '-', 2) = case 11 - sum(substr(body, place, 1)::integer * (2 + (place - 1) % 6)) % 11
        when 11 then '0'
        when 10 then 'K'
        else (11 - sum(substr(body, place, 1)::integer * (2 + (place - 1) % 6)) % 11)::text
      end
    from (select reverse(split_part(p_rut, '-', 1)) as body) reversed, generate_series(1, length(body)) place
  ) else false end
$$;

revoke all on function smarteros.rut_ok(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.rut_ok(text) to service_role, smarteros_fn;

-- The white space that String.prototype.trim takes away, so that both sides agree what "trimmed" is. Without `set
-- search_path`, here and wherever a query calls a function for each row: it would keep the planner from opening it.
create function smarteros.trimmed(p_text text) returns text
language sql immutable parallel safe
as $$
  select btrim(p_text, U&'\0009\000A\000B\000C\000D\0020\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000\FEFF')
$$;

revoke all on function smarteros.trimmed(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.trimmed(text) to authenticated, service_role, smarteros_fn;

-- Controls, line separators and the marks that turn the direction of text: a name that shows as another name.
create function smarteros.printable(p_text text) returns boolean
language sql immutable parallel safe set search_path = ''
as $$ select p_text !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]' $$;

revoke all on function smarteros.printable(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.printable(text) to service_role, smarteros_fn;
