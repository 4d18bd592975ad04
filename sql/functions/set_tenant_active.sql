-- Deletes (softly) and restores. Asked twice it changes nothing the second time and answers with the row as it is.
create or replace function public.set_tenant_active(p_id uuid, p_active boolean, p_deprovision boolean default false)
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  if p_active is null then
    raise exception 'p_active must be true or false'
      using errcode = '23514', constraint = 'set_tenant_active_given', schema = 'public', table = 'tenants';
  end if;
  -- A tenant that was deleted within 30 days counts all along.
  if p_active and exists (
    select from public.tenants t
    where t.id = p_id and t.clerk_user_id = smarteros.subject() and t.deleted_at <= now() - interval '30 days'
  ) then
    perform smarteros.require_tenant_quota();
  end if;
  update public.tenants t
  set active = p_active, deleted_at = case when not p_active then now() end
  where t.id = p_id
    and t.active <> p_active
    and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if p_deprovision and not p_active then
    insert into public.tenant_events (type, tenant_id, payload)
    select 'tenant.deprovision_requested', t.id, jsonb_build_object('actor', smarteros.subject())
    from public.tenants t
    where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  end if;
  return query
    select t.*
    from public.tenants t
    where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
end
$$;

revoke all on function public.set_tenant_active(uuid, boolean, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.set_tenant_active(uuid, boolean, boolean) to authenticated;
alter function public.set_tenant_active(uuid, boolean, boolean) owner to smarteros_fn;
