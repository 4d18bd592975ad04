-- Opens a run for the service; see smarteros.open_run. No row: no such tenant, or all of the steps are held.
create or replace function public.open_provision_run(
  p_tenant_id uuid,
  p_steps jsonb,
  p_requested_by text,
  p_event_id bigint default null,
  p_request_id text default null,
  p_traceparent text default null
) returns setof public.provision_runs
language plpgsql volatile set search_path = ''
as $$
declare
  opened constant uuid := smarteros.open_run(p_tenant_id, p_steps, p_requested_by, p_event_id, p_request_id, p_traceparent);
begin
  return query select r.* from public.provision_runs r where r.id = opened;
end
$$;

revoke all on function public.open_provision_run(uuid, jsonb, text, bigint, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.open_provision_run(uuid, jsonb, text, bigint, text, text) to service_role;
