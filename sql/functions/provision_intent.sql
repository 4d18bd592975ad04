-- Reads the open creation of a tenant at a vendor: its age, and the complete searches since that found nothing, of which this
-- call may be one. No row: none is open.
create or replace function public.provision_intent(p_tenant_id uuid, p_vendor text, p_empty_search boolean default false)
returns table (age_ms double precision, empty_searches integer)
language sql volatile set search_path = ''
as $$
  update public.provision_intents i
  set empty_searches = i.empty_searches + case when p_empty_search then 1 else 0 end
  where i.tenant_id = p_tenant_id and i.vendor = p_vendor and i.settled_at is null
  returning extract(epoch from clock_timestamp() - i.opened_at) * 1000, i.empty_searches
$$;

revoke all on function public.provision_intent(uuid, text, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.provision_intent(uuid, text, boolean) to service_role;
