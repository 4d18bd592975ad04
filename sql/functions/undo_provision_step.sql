-- Says that what a cancelled run had made is gone again, and takes its id from the tenant. No row: the run had made
-- nothing there.
create or replace function public.undo_provision_step(p_run_id uuid, p_vendor text)
returns setof public.provision_steps
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
begin
  update public.provision_steps s
  set state = 'undone', updated_at = now()
  where s.run_id = p_run_id and s.vendor = p_vendor and s.created and s.state = 'succeeded'
  returning * into step;
  if not found then
    return;
  end if;
  update public.tenants t
  set chatwoot_inbox_id = case p_vendor when 'chatwoot' then null else t.chatwoot_inbox_id end,
    botpress_workspace_id = case p_vendor when 'botpress' then null else t.botpress_workspace_id end,
    odoo_company_id = case p_vendor when 'odoo' then null else t.odoo_company_id end,
    n8n_project_id = case p_vendor when 'n8n' then null else t.n8n_project_id end,
    metabase_dashboard_id = case p_vendor when 'metabase' then null else t.metabase_dashboard_id end
  where t.id = step.tenant_id;
  if p_vendor = 'n8n' then
    update public.n8n_webhooks w set removed_at = now()
    where w.tenant_id = step.tenant_id and w.registered_by = 'system' and w.removed_at is null;
  end if;
  return next step;
end
$$;

revoke all on function public.undo_provision_step(uuid, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.undo_provision_step(uuid, text) to service_role;
