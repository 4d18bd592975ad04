-- Reads the open creation of a tenant at a vendor, with its age in milliseconds. No row: none is open.
create or replace function public.open_creation(p_tenant_id uuid, p_vendor text)
returns table (age_ms double precision, empty_searches integer, doubtful boolean)
language sql stable set search_path = ''
as $$
  select extract(epoch from clock_timestamp() - i.opened_at) * 1000, i.empty_searches, i.doubtful
  from public.provision_intents i
  where i.tenant_id = p_tenant_id and i.vendor = p_vendor and i.settled_at is null
$$;

revoke all on function public.open_creation(uuid, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.open_creation(uuid, text) to service_role;
