-- Derives the state of a run from its steps. With the last step of a cancelled run, what the run created is to be undone: a
-- task for each step, unless it has one.
create or replace function smarteros.settle_provision_run(p_run_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  settled text;
begin
  update public.provision_runs run
  set state = steps.state, finished_at = case when steps.state not in ('queued', 'running') then now() end
  from (
    select case
        when bool_or(s.state in ('running', 'waiting')) then 'running'
        when bool_or(s.state = 'queued') then case when bool_and(s.state = 'queued') then 'queued' else 'running' end
        when r.cancelled_at is not null then 'cancelled'
        when not bool_or(s.state = 'failed') then 'succeeded'
        when bool_and(s.state = 'failed') then 'failed'
        else 'partial'
      end as state
    from public.provision_steps s join public.provision_runs r on r.id = s.run_id
    where s.run_id = p_run_id
    group by r.cancelled_at
  ) steps
  where run.id = p_run_id and run.state <> steps.state
  returning run.state into settled;
  if settled = 'cancelled' then
    update public.provision_steps s
    set task_id = smarteros.insert_step_task(s.id, 'undo')
    where s.run_id = p_run_id and s.created and s.state = 'succeeded';
  end if;
end
$$;

revoke all on function smarteros.settle_provision_run(uuid)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.settle_provision_run(uuid) to service_role, smarteros_fn;
