-- Registers the webhook of a workflow of a tenant, or another path for it. Needs `admin`. No row: there is no such tenant, or
-- the current user does not see it. Raises 23505 for a path of another registration, 23514 for a name or path of another form.
create or replace function public.register_workflow(p_tenant_id uuid, p_workflow text, p_path text)
returns setof public.n8n_webhooks
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.n8n_webhooks as w (tenant_id, workflow, path, registered_by)
    select t.id, p_workflow, p_path, smarteros.subject() from public.tenants t
    where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
    on conflict (tenant_id, workflow) do update
      set path = excluded.path, registered_by = excluded.registered_by, updated_at = now(), removed_at = null
    returning w.*;
end
$$;

revoke all on function public.register_workflow(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.register_workflow(uuid, text, text) to authenticated;
alter function public.register_workflow(uuid, text, text) owner to smarteros_fn;
