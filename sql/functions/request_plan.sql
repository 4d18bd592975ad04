-- Requests the plan of a run: a task of kind `plan`, payload {"vendors"}, result {"steps"}. Returns its id; null: there is no
-- such tenant, or the current user does not see it. Raises P0001 `tenant_deleted` and what smarteros.insert_request raises.
create or replace function public.request_plan(p_tenant_id uuid, p_vendors text[]) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  vendors text[];
  tenant public.tenants;
begin
  perform smarteros.require('write');
  vendors := smarteros.request_vendors(p_vendors);
  select t.* into tenant from public.tenants t
  where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if not found then
    return null;
  end if;
  if not tenant.active then
    raise exception 'tenant_deleted' using errcode = 'P0001', hint = 'Restore the tenant first.';
  end if;
  return smarteros.insert_request('plan', p_tenant_id, jsonb_build_object('vendors', vendors));
end
$$;

revoke all on function public.request_plan(uuid, text[]) from public, anon, authenticated, service_role;
grant execute on function public.request_plan(uuid, text[]) to authenticated;
alter function public.request_plan(uuid, text[]) owner to smarteros_fn;
