-- True where the current user sees and changes the tenants of every owner.
create or replace function smarteros.sees_all_tenants() returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(smarteros.role_of_claims() in ('support', 'admin'), false);
end
$$;

revoke all on function smarteros.sees_all_tenants() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.sees_all_tenants() to authenticated, smarteros_fn;
