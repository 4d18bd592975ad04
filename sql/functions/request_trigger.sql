-- Requests a call of a registered workflow of a tenant: a task of kind `trigger`, payload {"workflow", "path", "payload",
-- "delivery_id"}, result {"status", "data"}. Returns its id, or null as request_plan does. Raises P0001 `tenant_deleted` and
-- `workflow_not_registered`, 22023 for a delivery id of another form, 23514 for a payload that is too large.
create or replace function public.request_trigger(p_tenant_id uuid, p_workflow text, p_payload jsonb, p_delivery_id text)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  tenant public.tenants;
  path text;
begin
  perform smarteros.require('write');
  if p_delivery_id !~ '^[A-Za-z0-9_-]{1,100}$' or p_delivery_id is null or jsonb_typeof(p_payload) is distinct from 'object' then
    raise exception 'p_delivery_id must have 1 to 100 letters, digits, dashes and underscores; p_payload must be an object'
      using errcode = '22023';
  end if;
  select t.* into tenant from public.tenants t
  where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if not found then
    return null;
  end if;
  if not tenant.active then
    raise exception 'tenant_deleted' using errcode = 'P0001', hint = 'Restore the tenant first.';
  end if;
  select w.path into path from public.n8n_webhooks w
  where w.tenant_id = p_tenant_id and w.workflow = p_workflow and w.removed_at is null;
  if not found then
    raise exception 'workflow_not_registered' using errcode = 'P0001', hint = 'An administrator registers workflows.';
  end if;
  return smarteros.insert_request('trigger', p_tenant_id, jsonb_build_object(
    'workflow', p_workflow, 'path', path, 'payload', p_payload, 'delivery_id', p_delivery_id
  ));
end
$$;

revoke all on function public.request_trigger(uuid, text, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.request_trigger(uuid, text, jsonb, text) to authenticated;
alter function public.request_trigger(uuid, text, jsonb, text) owner to smarteros_fn;
