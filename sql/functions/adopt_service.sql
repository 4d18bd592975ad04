-- Records what a vendor has for a tenant and lets runs touch it again. After a look at the vendor, which is the caller's. No
-- row: no such tenant. Raises P0001 `external_id_taken` where another tenant has it, 23514 for an id of another form.
create or replace function public.adopt_service(p_tenant_id uuid, p_vendor text, p_external_id text)
returns setof public.tenants
language plpgsql volatile set search_path = ''
as $$
declare
  adopted public.tenants;
begin
  -- One adoption of an id at a time.
  perform pg_advisory_xact_lock(hashtextextended('smarteros.adopt:' || p_vendor || ':' || p_external_id, 0));
  if exists (
    select from public.tenants t
    where t.id <> p_tenant_id and p_external_id = case p_vendor
      when 'chatwoot' then t.chatwoot_inbox_id::text
      when 'botpress' then t.botpress_workspace_id
      when 'odoo' then t.odoo_company_id::text
      when 'n8n' then t.n8n_project_id
      when 'metabase' then t.metabase_dashboard_id
    end
  ) then
    raise exception 'external_id_taken'
      using errcode = 'P0001', detail = 'Another tenant has this id at the vendor.', hint = 'Look the id up at the vendor again.';
  end if;
  update public.tenants t
  set chatwoot_inbox_id = case p_vendor when 'chatwoot' then p_external_id::integer else t.chatwoot_inbox_id end,
    botpress_workspace_id = case p_vendor when 'botpress' then p_external_id else t.botpress_workspace_id end,
    odoo_company_id = case p_vendor when 'odoo' then p_external_id::integer else t.odoo_company_id end,
    n8n_project_id = case p_vendor when 'n8n' then p_external_id else t.n8n_project_id end,
    metabase_dashboard_id = case p_vendor when 'metabase' then p_external_id else t.metabase_dashboard_id end
  where t.id = p_tenant_id
  returning t.* into adopted;
  if not found then
    return;
  end if;
  update public.provision_holds h set released_at = now()
  where h.tenant_id = p_tenant_id and h.vendor = p_vendor and h.released_at is null;
  update public.provision_drift d set resolved_at = now()
  where d.tenant_id = p_tenant_id and d.vendor = p_vendor and d.resolved_at is null;
  return next adopted;
end
$$;

revoke all on function public.adopt_service(uuid, text, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.adopt_service(uuid, text, text) to service_role;
