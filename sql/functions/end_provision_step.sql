-- Writes how a step stands, the tenant's external id and the webhooks that were made with it, and ends the run with its
-- last step. An id of an earlier attempt stays; an error leaves with success. `p_webhooks` is [{"workflow", "path"}]; what
-- a person registered is left as it is. No row: the step had ended already.
create or replace function public.end_provision_step(
  p_run_id uuid,
  p_vendor text,
  p_state text,
  p_external_id text default null,
  p_created boolean default false,
  p_duplicates text[] default '{}',
  p_error_kind text default null,
  p_error_message text default null,
  p_remedy text default null,
  p_next_attempt_at timestamptz default null,
  p_webhooks jsonb default '[]'
) returns setof public.provision_steps
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
begin
  -- Taken first, so that of two last steps that end at once one sees the other.
  perform 1 from public.provision_runs r where r.id = p_run_id for no key update;
  update public.provision_steps s
  -- A cancelled run tries nothing again.
  set state = case
      when p_state = 'waiting'
        and exists (select from public.provision_runs r where r.id = p_run_id and r.cancelled_at is not null)
      then 'cancelled' else p_state
    end,
    external_id = coalesce(p_external_id, s.external_id),
    created = s.created or p_created,
    duplicates = p_duplicates,
    error_kind = p_error_kind,
    error_message = left(p_error_message, 500),
    remedy = p_remedy,
    next_attempt_at = p_next_attempt_at,
    updated_at = now()
  where s.run_id = p_run_id and s.vendor = p_vendor and s.state in ('queued', 'running', 'waiting')
  returning * into step;
  if not found then
    return;
  end if;
  if step.state <> 'waiting' then
    update public.provision_steps s set finished_at = now() where s.id = step.id returning * into step;
  end if;
  if step.state = 'succeeded' and step.action in ('provision', 'remove') then
    perform smarteros.record_service_id(
      step.tenant_id, step.vendor, case when step.action = 'provision' then step.external_id end);
    insert into public.n8n_webhooks (tenant_id, workflow, path, registered_by)
    select step.tenant_id, made ->> 'workflow', made ->> 'path', 'system'
    from jsonb_array_elements(p_webhooks) made
    on conflict (tenant_id, workflow) do update
      set path = excluded.path, updated_at = now(), removed_at = null
      where n8n_webhooks.registered_by = 'system';
  end if;
  if step.state in ('succeeded', 'unsupported') then
    update public.provision_drift d set resolved_at = now()
    where d.tenant_id = step.tenant_id and d.vendor = step.vendor and d.resolved_at is null;
  end if;
  if step.state = 'succeeded' and step.action = 'remove' and step.vendor = 'n8n' then
    update public.n8n_webhooks w set removed_at = now()
    where w.tenant_id = step.tenant_id and w.registered_by = 'system' and w.removed_at is null;
  end if;
  perform smarteros.settle_provision_run(p_run_id);
  return next step;
end
$$;

revoke all on function public.end_provision_step(uuid, text, text, text, boolean, text[], text, text, text, timestamptz, jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.end_provision_step(uuid, text, text, text, boolean, text[], text, text, text, timestamptz, jsonb)
  to service_role;
