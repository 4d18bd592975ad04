alter table public.provision_intents enable row level security;
alter table public.provision_intents force row level security;

create policy provision_intents_read_by_tenant on public.provision_intents for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy provision_intents_update_by_tenant on public.provision_intents for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_intents from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_intents to authenticated, smarteros_fn;
grant select, insert on public.provision_intents to service_role;
grant update (task_id, opened_at, empty_searches, searched_at, doubtful, settled_at, settled_as, settled_by) on
  public.provision_intents to service_role;
grant update (settled_at, settled_as, settled_by) on public.provision_intents to smarteros_fn;
