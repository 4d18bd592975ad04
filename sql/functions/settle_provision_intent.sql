-- Ends the open creation of a tenant at a vendor by evidence: `created`, `refused`, `found` or `absent`. Returns whether there
-- was one.
create or replace function public.settle_provision_intent(p_tenant_id uuid, p_vendor text, p_as text) returns boolean
language sql volatile set search_path = ''
as $$
  with settled as (
    update public.provision_intents i set settled_at = clock_timestamp(), settled_as = p_as
    where i.tenant_id = p_tenant_id and i.vendor = p_vendor and i.settled_at is null
    returning 1
  )
  select exists (select from settled)
$$;

revoke all on function public.settle_provision_intent(uuid, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.settle_provision_intent(uuid, text, text) to service_role;
