-- Lets the service role insert and update tenants as an earlier app does, under the same constraints, or no more. Where the
-- setting service_writes is absent, it may not. For the owner of the database, after the policies.
create or replace function smarteros.grant_service_writes() returns void
language plpgsql volatile set search_path = ''
as $$
begin
  if smarteros.setting('service_writes') = 'true' then
    grant insert, update (rut, business_name, clerk_user_id, services_enabled, active, deleted_at) on public.tenants to service_role;
  else
    revoke insert, update (rut, business_name, clerk_user_id, services_enabled, active, deleted_at) on public.tenants from service_role;
  end if;
end
$$;

revoke all on function smarteros.grant_service_writes() from public, anon, authenticated, service_role, smarteros_fn;
