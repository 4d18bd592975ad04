-- Requests that services of a tenant, or of the next tenants by id after `p_after`, are compared with their vendors and, with
-- `p_repair`, repaired: a task of kind `reconcile`, payload {"vendor", "repair", "after", "owner"}. Returns its id, or null as request_plan does.
create or replace function public.request_reconciliation(
  p_tenant_id uuid default null, p_vendor text default null, p_repair boolean default false, p_after uuid default null
) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  if p_vendor is not null then
    perform smarteros.request_vendors(array[p_vendor]);
  end if;
  if p_tenant_id is not null then
    perform 1 from public.tenants t
    where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
    if not found then
      return null;
    end if;
  end if;
  return smarteros.insert_request('reconcile', p_tenant_id, jsonb_build_object(
    'vendor', p_vendor, 'repair', p_repair, 'after', p_after,
    'owner', case when smarteros.sees_all_tenants() then null else smarteros.subject() end
  ));
end
$$;

revoke all on function public.request_reconciliation(uuid, text, boolean, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.request_reconciliation(uuid, text, boolean, uuid) to authenticated;
alter function public.request_reconciliation(uuid, text, boolean, uuid) owner to smarteros_fn;
