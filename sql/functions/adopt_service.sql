-- Records what a vendor has for a tenant and lets runs touch it again. After a look at the vendor, which is the caller's. No
-- row: no such tenant. Raises P0001 `external_id_taken` where another tenant has it, 23514 for an id of another form.
create or replace function public.adopt_service(p_tenant_id uuid, p_vendor text, p_external_id text)
returns setof public.tenants
language plpgsql volatile set search_path = ''
as $$
declare
  run uuid;
begin
  -- One adoption of an id at a time.
  perform pg_advisory_xact_lock(hashtextextended('smarteros.adopt:' || p_vendor || ':' || p_external_id, 0));
  if exists (
    select from public.tenant_services s
    where s.vendor = p_vendor and s.external_id = p_external_id and s.tenant_id <> p_tenant_id
  ) then
    raise exception 'external_id_taken'
      using errcode = 'P0001', detail = 'Another tenant has this id at the vendor.', hint = 'Look the id up at the vendor again.';
  end if;
  perform 1 from public.tenants t where t.id = p_tenant_id for no key update;
  if not found then
    return;
  end if;
  perform smarteros.record_service_id(p_tenant_id, p_vendor, p_external_id);
  update public.provision_holds h set released_at = now()
  where h.tenant_id = p_tenant_id and h.vendor = p_vendor and h.released_at is null;
  update public.provision_drift d set resolved_at = now()
  where d.tenant_id = p_tenant_id and d.vendor = p_vendor and d.resolved_at is null;
  -- A person decided it: an open creation is no longer waited for, and a step that stopped for the decision has its result.
  update public.provision_intents i set settled_at = clock_timestamp(), settled_as = 'person'
  where i.tenant_id = p_tenant_id and i.vendor = p_vendor and i.settled_at is null;
  for run in
    update public.provision_steps s
    set state = 'succeeded', external_id = p_external_id, error_kind = null, error_message = null, remedy = null,
      updated_at = clock_timestamp()
    where s.tenant_id = p_tenant_id and s.vendor = p_vendor and s.state = 'failed' and s.remedy = 'confirm_creation'
    returning s.run_id
  loop
    perform smarteros.settle_provision_run(run);
  end loop;
  return query select * from public.tenants t where t.id = p_tenant_id;
end
$$;

revoke all on function public.adopt_service(uuid, text, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.adopt_service(uuid, text, text) to service_role;
