create or replace function smarteros.subject() returns text
language plpgsql stable set search_path = ''
as $$
declare
  claims constant jsonb := smarteros.claims();
begin
  return case when jsonb_typeof(claims -> 'sub') = 'string' then nullif(btrim(claims ->> 'sub'), '') end;
end
$$;

revoke all on function smarteros.subject() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.subject() to authenticated, smarteros_fn;
