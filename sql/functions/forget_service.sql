-- Removes the id of a service from its tenant after its resource was removed at the vendor.
create or replace function smarteros.forget_service(p_tenant_id uuid, p_vendor text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  perform smarteros.record_service_id(p_tenant_id, p_vendor, null);
  if p_vendor = 'n8n' then
    update public.n8n_webhooks w set removed_at = now()
    where w.tenant_id = p_tenant_id and w.registered_by = 'system' and w.removed_at is null;
  end if;
end
$$;

revoke all on function smarteros.forget_service(uuid, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.forget_service(uuid, text) to service_role;
