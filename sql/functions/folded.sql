-- Decomposed before it is folded, so that it also works where the database's locale is C and lower() knows only ASCII.
create or replace function smarteros.folded(p_text text) returns text
language sql immutable parallel safe
as $$ select lower(regexp_replace(normalize(p_text, NFD), '[\u0300-\u036f]', '', 'g')) $$;

revoke all on function smarteros.folded(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.folded(text) to authenticated;
