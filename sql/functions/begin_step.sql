-- Reads all that an attempt of a step needs, and marks its run as running, in a transaction of its own: the claim of the task
-- must not lock the run. Returns {"run", with "provision_steps", "tenant", with "tenant_service_ids" and "provision_holds",
-- "intent": {"age_ms", "empty_searches", "doubtful"} or null, "is_replaced": of an undoing, whether a later run has provisioned
-- the service}. Null: the token is not that of the last claim, or the attempt is over.
create or replace function public.begin_step(p_task_id uuid, p_claim uuid) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
  kind text;
begin
  select t.kind into kind from public.tasks t where t.id = p_task_id and t.claim = p_claim and t.state = 'running';
  select s.* into step from public.provision_steps s where s.task_id = p_task_id and kind is not null;
  if not found then
    return null;
  end if;
  update public.provision_runs r set state = 'running', started_at = coalesce(r.started_at, now())
  where r.id = step.run_id and r.state = 'queued';
  return (
    select jsonb_build_object(
      'run', to_jsonb(r) || jsonb_build_object('provision_steps', (
        select jsonb_agg(to_jsonb(s)) from public.provision_steps s where s.run_id = r.id
      )),
      'tenant', to_jsonb(t) || jsonb_build_object(
        'tenant_service_ids', (
          select coalesce(jsonb_agg(jsonb_build_object('vendor', i.vendor, 'external_id', i.external_id)), '[]')
          from public.tenant_service_ids i where i.tenant_id = t.id
        ),
        'provision_holds', (
          select coalesce(jsonb_agg(jsonb_build_object('vendor', h.vendor, 'released_at', h.released_at)), '[]')
          from public.provision_holds h where h.tenant_id = t.id
        )
      ),
      'intent', (select to_jsonb(c) from public.open_creation(t.id, step.vendor) c),
      'is_replaced', kind = 'undo' and exists (
        select from public.tenant_services v
        where v.tenant_id = t.id and v.vendor = step.vendor and v.run_id <> r.id and v.action = 'provision' and v.state = 'active'
      )
    )
    from public.provision_runs r join public.tenants t on t.id = r.tenant_id
    where r.id = step.run_id
  );
end
$$;

revoke all on function public.begin_step(uuid, uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.begin_step(uuid, uuid) to service_role;
