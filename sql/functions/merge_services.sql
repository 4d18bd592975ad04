-- One statement, so that two merges at the same moment both hold. A tenant of someone else is not there.
create or replace function public.merge_services(p_id uuid, p_services jsonb)
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
declare
  merged public.tenants;
begin
  perform smarteros.require('write');
  update public.tenants t
  set services_enabled = t.services_enabled || coalesce(p_services, '{}')
  where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
  returning t.* into merged;
  if not found then
    return;
  end if;
  if not merged.active then
    raise exception 'tenant_deleted'
      using errcode = 'P0001', detail = 'The tenant is deleted; its services cannot change.', hint = 'Restore it first.';
  end if;
  return next merged;
end
$$;

revoke all on function public.merge_services(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.merge_services(uuid, jsonb) to authenticated;
alter function public.merge_services(uuid, jsonb) owner to smarteros_fn;
