-- Ticks an item of the checklist of a tenant's service as done by the current user, or unticks it. Needs `write`. Returns
-- whether the current user sees such an item: of an active tenant, at a vendor that has it.
create or replace function public.check_service(p_tenant_id uuid, p_vendor text, p_item text, p_done boolean)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  perform 1
  from public.tenants t join public.provision_vendors v on v.vendor = p_vendor and p_item = any (v.checklist)
  where t.id = p_tenant_id and t.active
    and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if not found then
    return false;
  end if;
  if coalesce(p_done, true) then
    -- Who was first did it.
    insert into public.service_checks (tenant_id, vendor, item, done_by)
    values (p_tenant_id, p_vendor, p_item, smarteros.subject())
    on conflict (tenant_id, vendor, item) do nothing;
  else
    delete from public.service_checks c
    where c.tenant_id = p_tenant_id and c.vendor = p_vendor and c.item = p_item;
  end if;
  return true;
end
$$;

revoke all on function public.check_service(uuid, text, text, boolean) from public, anon, authenticated, service_role;
grant execute on function public.check_service(uuid, text, text, boolean) to authenticated;
alter function public.check_service(uuid, text, text, boolean) owner to smarteros_fn;
