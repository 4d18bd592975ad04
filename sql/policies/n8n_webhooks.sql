alter table public.n8n_webhooks enable row level security;
alter table public.n8n_webhooks force row level security;

create policy n8n_webhooks_read_by_tenant on public.n8n_webhooks for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy n8n_webhooks_insert_by_tenant on public.n8n_webhooks for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy n8n_webhooks_update_by_tenant on public.n8n_webhooks for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.n8n_webhooks from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.n8n_webhooks to authenticated, smarteros_fn;
grant select, insert on public.n8n_webhooks to service_role;
grant update (tenant_id, workflow, path, registered_by, updated_at, removed_at) on public.n8n_webhooks to
  service_role;
grant insert (tenant_id, workflow, path, registered_by) on public.n8n_webhooks to smarteros_fn;
grant update (path, registered_by, updated_at, removed_at) on public.n8n_webhooks to smarteros_fn;
