-- strpos and not like: what a person types holds no wildcards. Only in a RUT are dots, dashes and blanks nothing.
create or replace function smarteros.tenant_matches(p_business_name text, p_rut text, p_search text) returns boolean
language sql immutable parallel safe
as $$
  select strpos(smarteros.folded(p_business_name), smarteros.folded(smarteros.trimmed(p_search))) > 0
    or coalesce(
      strpos(replace(p_rut, '-', ''), nullif(upper(regexp_replace(p_search, '[.\s-]', '', 'g')), '')) > 0,
      false
    )
$$;

revoke all on function smarteros.tenant_matches(text, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.tenant_matches(text, text, text) to authenticated;
