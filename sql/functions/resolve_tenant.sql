-- Makes a tenant of a row in review, with the values given in place of its own, and holds its services as those of every
-- tenant that was taken over. Ids at vendors that break a rule are left out. No row: none of that id in review that the current
-- user sees. Raises 23505 and 23514 as create_tenant does; the row then stays in review.
create or replace function public.resolve_tenant(
  p_id uuid, p_rut text default null, p_business_name text default null, p_services jsonb default null
) returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
declare
  kept public.tenants_in_review;
  resolved public.tenants;
begin
  perform smarteros.require('write');
  delete from public.tenants_in_review r
  where r.id = p_id and (r.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
  returning r.* into kept;
  if not found then
    return;
  end if;
  resolved := jsonb_populate_record(null::public.tenants, kept.row || kept.proposal);
  resolved.id := p_id;
  resolved.rut := coalesce(p_rut, resolved.rut);
  resolved.business_name := coalesce(smarteros.trimmed(p_business_name), resolved.business_name);
  resolved.clerk_user_id := coalesce(kept.clerk_user_id, smarteros.subject());
  resolved.services_enabled := (select jsonb_object_agg(v.flag, false) from public.provision_vendors v)
    || resolved.services_enabled || coalesce(p_services, '{}');
  if 'tenants_botpress_workspace_id_shape' = any (kept.reasons) then
    resolved.botpress_workspace_id := null;
  end if;
  if 'tenants_n8n_project_id_shape' = any (kept.reasons) then
    resolved.n8n_project_id := null;
  end if;
  if 'tenants_metabase_dashboard_id_shape' = any (kept.reasons) then
    resolved.metabase_dashboard_id := null;
  end if;
  resolved.updated_at := now();
  insert into public.tenants select resolved.*;
  insert into public.provision_holds (tenant_id, vendor)
  select resolved.id, v.vendor from public.provision_vendors v;
  return next resolved;
end
$$;

revoke all on function public.resolve_tenant(uuid, text, text, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function public.resolve_tenant(uuid, text, text, jsonb) to authenticated;
alter function public.resolve_tenant(uuid, text, text, jsonb) owner to smarteros_fn;
