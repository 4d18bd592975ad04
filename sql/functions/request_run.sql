-- Opens a run that does the same at each vendor, for the current user, who sees the tenant and has locked it. Returns its id.
-- Raises P0001 `services_held` with the vendors in its detail where a service is held: a run would skip it.
create or replace function smarteros.request_run(
  p_tenant_id uuid, p_vendors text[], p_action text, p_request_id text, p_traceparent text
) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
  held text;
begin
  select string_agg(h.vendor, ', ' order by h.vendor) into held
  from public.provision_holds h
  where h.tenant_id = p_tenant_id and h.vendor = any (p_vendors) and h.released_at is null;
  if held is not null then
    raise exception 'services_held'
      using errcode = 'P0001', detail = held, hint = 'Adopt what the tenant has at the vendor, or ask for a new one.';
  end if;
  return smarteros.open_run(
    p_tenant_id,
    (select jsonb_agg(jsonb_build_object('vendor', v, 'action', p_action) order by v) from unnest(p_vendors) v),
    smarteros.subject(), null, p_request_id, p_traceparent
  );
end
$$;

revoke all on function smarteros.request_run(uuid, text[], text, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.request_run(uuid, text[], text, text, text) to smarteros_fn;
