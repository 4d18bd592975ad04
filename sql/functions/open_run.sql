-- Opens a run with its tasks, or finds the one that is open for the same steps, or that this event has opened already.
-- Returns its id; null where there is no such tenant or all of the steps are held. Steps of held services are left out: nothing
-- is done to them at a vendor. `p_steps` is [{"vendor", "action"}].
create or replace function smarteros.open_run(
  p_tenant_id uuid, p_steps jsonb, p_requested_by text, p_event_id bigint, p_request_id text, p_traceparent text
) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
  run uuid;
  steps jsonb;
begin
  -- One at a time for a tenant, so that two concurrent requests get the same run.
  perform 1 from public.tenants t where t.id = p_tenant_id for no key update;
  if not found then
    return null;
  end if;
  select coalesce(jsonb_agg(given), '[]') into steps
  from jsonb_array_elements(p_steps) given
  where not exists (
    select from public.provision_holds h where h.tenant_id = p_tenant_id and h.vendor = given ->> 'vendor' and h.released_at is null
  );
  if steps = '[]' then
    return null;
  end if;
  select r.id into run
  from public.provision_runs r
  where r.event_id = p_event_id
    or (
      p_event_id is null
      and r.tenant_id = p_tenant_id
      and r.finished_at is null
      and (
        select jsonb_agg(jsonb_build_array(s.vendor, s.action) order by s.vendor)
        from public.provision_steps s
        where s.run_id = r.id
      ) = (
        select jsonb_agg(jsonb_build_array(given ->> 'vendor', given ->> 'action') order by given ->> 'vendor')
        from jsonb_array_elements(steps) given
      )
    )
  order by r.created_at
  limit 1;
  if found then
    return run;
  end if;
  insert into public.provision_runs (tenant_id, requested_by, event_id, request_id)
  values (p_tenant_id, p_requested_by, p_event_id, p_request_id)
  returning id into run;
  insert into public.task_queues (name, max_running, max_per_tenant, lease, max_retry_pause)
  select distinct given ->> 'vendor', 8, 1, interval '20 seconds', interval '2 minutes' from jsonb_array_elements(steps) given
  on conflict (name) do nothing;
  insert into public.provision_steps (run_id, tenant_id, vendor, action)
  select run, p_tenant_id, given ->> 'vendor', given ->> 'action' from jsonb_array_elements(steps) given;
  update public.provision_steps s set task_id = smarteros.insert_step_task(s.id, s.action, p_traceparent)
  where s.run_id = run;
  return run;
end
$$;

revoke all on function smarteros.open_run(uuid, jsonb, text, bigint, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.open_run(uuid, jsonb, text, bigint, text, text) to service_role, smarteros_fn;
