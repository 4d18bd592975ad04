-- Writes to a step what the row of its task says, and to the tenant what the task brought about, in the task's own
-- transaction. `result` of a task is {"state"?, "external_id"?, "created"?, "duplicates"?, "webhooks"?: [{"workflow", "path"}]},
-- its `error` {"code", "message"?, "remedy"?}. The state of a step stays while it is undone. Locks the run after the task, before any queue or line.
create or replace function smarteros.follow_task() returns trigger
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
  run public.provision_runs;
begin
  if new.state in ('queued', 'running') then
    -- The run is left alone: a claim of many tasks would lock their runs in any order.
    update public.provision_steps s
    set state = new.state, attempts = new.attempts, next_attempt_at = null,
      started_at = coalesce(s.started_at, new.claimed_at), finished_at = null, updated_at = clock_timestamp()
    where s.task_id = new.id and new.kind <> 'undo';
    return null;
  end if;
  select s.* into step from public.provision_steps s where s.task_id = new.id;
  if not found then
    return null;
  end if;
  select r.* into run from public.provision_runs r where r.id = step.run_id for no key update;
  if new.kind = 'undo' then
    update public.provision_steps s
    set state = case new.state
        when 'succeeded' then coalesce(new.result ->> 'state', 'undone')
        when 'scheduled' then s.state
        else 'undo_failed'
      end,
      error_kind = smarteros.error_kind_of(new.error),
      error_message = left(coalesce(new.error ->> 'message', new.error ->> 'code'), 500),
      remedy = case when new.error is not null then coalesce(new.error ->> 'remedy', 'check_worker') end,
      next_attempt_at = case when new.state = 'scheduled' then new.run_at end,
      finished_at = case when new.state = 'scheduled' then s.finished_at else clock_timestamp() end,
      updated_at = clock_timestamp()
    where s.id = step.id
    returning s.* into step;
    if step.state = 'undone' then
      perform smarteros.forget_service(step.tenant_id, step.vendor);
    end if;
    perform smarteros.settle_provision_run(step.run_id);
    return null;
  end if;
  if run.cancelled_at is not null and new.state in ('scheduled', 'cancelled') then
    if new.kind = 'provision' and exists (
      select from public.provision_intents i where i.task_id = new.id and i.settled_at is null
    ) then
      -- A creation may have reached the vendor: it is found and undone.
      update public.provision_steps s
      set task_id = smarteros.insert_step_task(s.id, 'undo'), state = 'waiting', attempts = new.attempts,
        next_attempt_at = clock_timestamp(), updated_at = clock_timestamp()
      where s.id = step.id;
    end if;
    if new.state = 'scheduled' then
      update public.tasks t set state = 'cancelled', finished_at = clock_timestamp() where t.id = new.id;
      return null;
    end if;
    perform 1 from public.provision_steps s where s.task_id = new.id;
    if not found then
      return null;
    end if;
  end if;
  update public.provision_steps s
  set state = case new.state
      when 'succeeded' then coalesce(new.result ->> 'state', 'succeeded')
      when 'scheduled' then 'waiting'
      when 'dead' then 'failed'
      else 'cancelled'
    end,
    attempts = new.attempts,
    external_id = coalesce(new.result ->> 'external_id', s.external_id),
    -- An attempt that found what an earlier attempt of the same task had sent created it as well.
    created = s.created or coalesce((new.result ->> 'created')::boolean, false) or exists (
      select from public.provision_intents i where i.task_id = new.id and i.settled_at is null
    ) and new.state = 'succeeded',
    duplicates = array(select jsonb_array_elements_text(coalesce(new.result -> 'duplicates', '[]'))),
    error_kind = case when new.state <> 'cancelled' then smarteros.error_kind_of(new.error) end,
    error_message = case when new.state <> 'cancelled' then left(coalesce(new.error ->> 'message', new.error ->> 'code'), 500) end,
    remedy = case when new.state <> 'cancelled' and new.error is not null then coalesce(new.error ->> 'remedy', 'check_worker') end,
    next_attempt_at = case when new.state = 'scheduled' then new.run_at end,
    finished_at = case when new.state <> 'scheduled' then clock_timestamp() end,
    updated_at = clock_timestamp()
  where s.id = step.id
  returning s.* into step;
  if step.state = 'succeeded' and step.action = 'remove' then
    perform smarteros.forget_service(step.tenant_id, step.vendor);
  elsif step.state in ('succeeded', 'unsupported') and step.action = 'disable' and step.external_id is not null then
    perform smarteros.record_service_id(step.tenant_id, step.vendor, step.external_id);
  elsif step.state = 'succeeded' and step.action = 'provision' then
    perform smarteros.record_service_id(step.tenant_id, step.vendor, step.external_id);
    update public.provision_intents i
    set settled_at = clock_timestamp(), settled_as = case when (new.result ->> 'created')::boolean then 'created' else 'found' end
    where i.tenant_id = step.tenant_id and i.vendor = step.vendor and i.settled_at is null;
    -- What a person registered is left as it is.
    insert into public.n8n_webhooks (tenant_id, workflow, path, registered_by)
    select step.tenant_id, made ->> 'workflow', made ->> 'path', 'system'
    from jsonb_array_elements(coalesce(new.result -> 'webhooks', '[]')) made
    on conflict (tenant_id, workflow) do update
      set path = excluded.path, updated_at = now(), removed_at = null
      where n8n_webhooks.registered_by = 'system';
  end if;
  if step.state in ('succeeded', 'unsupported') then
    update public.provision_drift d set resolved_at = now()
    where d.tenant_id = step.tenant_id and d.vendor = step.vendor and d.resolved_at is null;
  end if;
  perform smarteros.settle_provision_run(step.run_id);
  return null;
end
$$;

revoke all on function smarteros.follow_task() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger tasks_follow after update of state on public.tasks
for each row when (new.kind in ('provision', 'disable', 'remove', 'undo') and old.state is distinct from new.state)
execute function smarteros.follow_task();
