alter table public.tenants enable row level security;
alter table public.tenants force row level security;

create policy tenants_change_own_or_all on public.tenants for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

-- Another's are inserted by resolve_tenant alone.
create policy tenants_create_own_or_all on public.tenants for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

create policy tenants_read_own_or_all on public.tenants for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

revoke all on public.tenants from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tenants to authenticated, service_role, smarteros_fn;
-- All columns, because a tenant that was taken over may have columns of an earlier app.
grant insert on public.tenants to smarteros_fn;
grant update (chatwoot_inbox_id, botpress_workspace_id, odoo_company_id, n8n_project_id, metabase_dashboard_id) on
  public.tenants to service_role;
grant update (clerk_user_id, services_enabled, active, deleted_at) on public.tenants to smarteros_fn;
