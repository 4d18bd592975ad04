-- Null means: no rights at all. Only an absent role has a default; one that is not understood never does, unless the setting
-- role_map names it. The same rule stands in @smarteros/core as `principalFromClaims`.
create or replace function smarteros.role_of_claims() returns text
language plpgsql stable set search_path = ''
as $$
declare
  metadata constant jsonb := coalesce(smarteros.claims() -> 'metadata', 'null');
  given jsonb;
begin
  if smarteros.subject() is null or jsonb_typeof(metadata) not in ('object', 'null') then
    return null;
  end if;
  given := coalesce(metadata -> 'role', 'null');
  return case
    when given = 'null' then nullif(coalesce(smarteros.setting('default_role') #>> '{}', 'operator'), 'none')
    when given in ('"viewer"', '"operator"', '"auditor"', '"support"', '"admin"') then given #>> '{}'
    when jsonb_typeof(given) = 'string' then smarteros.setting('role_map') ->> (given #>> '{}')
  end;
end
$$;

revoke all on function smarteros.role_of_claims() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.role_of_claims() to authenticated, smarteros_fn;
