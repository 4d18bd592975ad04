-- Creates a tenant of the current user. Raises 23505 for a RUT that the owner has already, 23514 for a value that a rule
-- refuses, P0001 `quota_exceeded` over the number of tenants that one owner may have.
create or replace function public.create_tenant(p_rut text, p_business_name text, p_services jsonb default '{}')
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  perform smarteros.require_tenant_quota();
  return query
    insert into public.tenants (rut, business_name, clerk_user_id, services_enabled)
    values (
      p_rut,
      smarteros.trimmed(p_business_name),
      smarteros.subject(),
      (select jsonb_object_agg(v.flag, false) from public.provision_vendors v) || coalesce(p_services, '{}')
    )
    returning *;
end
$$;

revoke all on function public.create_tenant(text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.create_tenant(text, text, jsonb) to authenticated;
alter function public.create_tenant(text, text, jsonb) owner to smarteros_fn;
