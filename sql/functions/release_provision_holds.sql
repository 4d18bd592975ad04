-- Lets runs touch services of a tenant again: a person asked for new ones at the vendor. Returns the vendors that were held.
create or replace function public.release_provision_holds(p_tenant_id uuid, p_vendors text[]) returns setof text
language sql volatile set search_path = ''
as $$
  update public.provision_holds h set released_at = now()
  where h.tenant_id = p_tenant_id and h.vendor = any (p_vendors) and h.released_at is null
  returning h.vendor
$$;

revoke all on function public.release_provision_holds(uuid, text[])
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.release_provision_holds(uuid, text[]) to service_role;
