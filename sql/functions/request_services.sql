-- Requests services of a tenant at their vendors. Returns the run; the same request while one is open returns that one. With
-- `p_create_new` new ones are made also where a service is held or where a creation is not settled, by the current user's
-- decision. No row: there is no such tenant, or the current user does not see it. Raises P0001 `tenant_deleted` and, with the
-- vendors in its detail, `services_held`; 22023 for a vendor that is none.
create or replace function public.request_services(
  p_tenant_id uuid, p_vendors text[], p_create_new boolean default false, p_request_id text default null,
  p_traceparent text default null
) returns setof public.provision_runs
language plpgsql volatile security definer set search_path = ''
as $$
declare
  vendors text[];
  tenant public.tenants;
  run uuid;
begin
  perform smarteros.require('write');
  vendors := smarteros.request_vendors(p_vendors);
  select t.* into tenant from public.tenants t
  where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
  for no key update;
  if not found then
    return;
  end if;
  if not tenant.active then
    raise exception 'tenant_deleted' using errcode = 'P0001', hint = 'Restore the tenant first.';
  end if;
  if p_create_new then
    update public.provision_holds h set released_at = now()
    where h.tenant_id = p_tenant_id and h.vendor = any (vendors) and h.released_at is null;
    update public.provision_intents i
    set settled_at = clock_timestamp(), settled_as = 'person', settled_by = smarteros.subject()
    where i.tenant_id = p_tenant_id and i.vendor = any (vendors) and i.settled_at is null;
  end if;
  run := smarteros.request_run(p_tenant_id, vendors, 'provision', p_request_id, p_traceparent);
  return query select r.* from public.provision_runs r where r.id = run;
end
$$;

revoke all on function public.request_services(uuid, text[], boolean, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.request_services(uuid, text[], boolean, text, text) to authenticated;
alter function public.request_services(uuid, text[], boolean, text, text) owner to smarteros_fn;
