-- Records what a holder of the service key writes to tenants past the tools, with GRANT_SERVICE_WRITES.
create or replace function smarteros.record_service_write() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into public.mcp_invocations (user_id, tool, args, duration_ms, success, code, tenant_id)
  values (
    'service_role',
    'tenants.serviceWrite',
    jsonb_build_object('operation', lower(tg_op), 'rut', new.rut, 'owner', new.clerk_user_id, 'services', new.services_enabled,
      'active', new.active)::text,
    0, true, 'ok', new.id
  );
  return null;
end
$$;

revoke all on function smarteros.record_service_write() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger tenants_record_service_write
after insert or update of rut, business_name, clerk_user_id, services_enabled, active on public.tenants
for each row when (current_setting('role', true) = 'service_role') execute function smarteros.record_service_write();
