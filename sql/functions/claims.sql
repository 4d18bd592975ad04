-- Not auth.jwt(): smarteros_fn has no usage on the schema auth of a hosted project, and postgres cannot grant it.
create or replace function smarteros.claims() returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return nullif(current_setting('request.jwt.claims', true), '')::jsonb;
end
$$;

revoke all on function smarteros.claims() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.claims() to authenticated, smarteros_fn;
