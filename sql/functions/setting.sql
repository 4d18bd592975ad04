-- Returns a setting, or null where it has its default. Security definer: policies call it as the current role.
create or replace function smarteros.setting(p_name text) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (select s.value from smarteros.settings s where s.name = p_name);
end
$$;

revoke all on function smarteros.setting(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.setting(text) to authenticated, smarteros_fn;
