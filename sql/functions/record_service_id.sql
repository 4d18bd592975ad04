-- Records the id of a tenant's resource at a vendor; null removes it. The ids of the first five vendors are columns of
-- `tenants`, those of later vendors are rows of `tenant_service_ids`.
create or replace function smarteros.record_service_id(p_tenant_id uuid, p_vendor text, p_external_id text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  if p_vendor in ('chatwoot', 'botpress', 'odoo', 'n8n', 'metabase') then
    update public.tenants t
    set chatwoot_inbox_id = case p_vendor when 'chatwoot' then p_external_id::integer else t.chatwoot_inbox_id end,
      botpress_workspace_id = case p_vendor when 'botpress' then p_external_id else t.botpress_workspace_id end,
      odoo_company_id = case p_vendor when 'odoo' then p_external_id::integer else t.odoo_company_id end,
      n8n_project_id = case p_vendor when 'n8n' then p_external_id else t.n8n_project_id end,
      metabase_dashboard_id = case p_vendor when 'metabase' then p_external_id else t.metabase_dashboard_id end
    where t.id = p_tenant_id;
  else
    insert into public.tenant_service_ids (tenant_id, vendor, external_id) values (p_tenant_id, p_vendor, p_external_id)
    on conflict (tenant_id, vendor) do update set external_id = excluded.external_id;
  end if;
end
$$;

revoke all on function smarteros.record_service_id(uuid, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.record_service_id(uuid, text, text) to service_role;
