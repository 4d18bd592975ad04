-- Requests that what a tenant has at a vendor is looked up there, marked and recorded: a task of kind `adopt`, payload
-- {"vendor", "external_id"}, result {"external_id", "name", "state"}. Needs `admin`. Returns its id, or null as request_plan
-- does. Raises P0001 `external_id_taken` where another tenant has the id, before anything changes at the vendor.
create or replace function public.request_adoption(p_tenant_id uuid, p_vendor text, p_external_id text) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  perform smarteros.request_vendors(array[p_vendor]);
  if p_external_id is null or char_length(p_external_id) not between 1 and 255 then
    raise exception 'p_external_id must have 1 to 255 characters' using errcode = '22023';
  end if;
  perform 1 from public.tenants t
  where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if not found then
    return null;
  end if;
  if exists (
    select from public.tenant_services s
    where s.vendor = p_vendor and s.external_id = p_external_id and s.tenant_id <> p_tenant_id
  ) then
    raise exception 'external_id_taken'
      using errcode = 'P0001', detail = 'Another tenant has this id at the vendor.', hint = 'Look the id up at the vendor again.';
  end if;
  return smarteros.insert_request(
    'adopt', p_tenant_id, jsonb_build_object('vendor', p_vendor, 'external_id', p_external_id)
  );
end
$$;

revoke all on function public.request_adoption(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.request_adoption(uuid, text, text) to authenticated;
alter function public.request_adoption(uuid, text, text) owner to smarteros_fn;
