-- Puts what failed of a run in line again; what succeeded stays. No row: no such run, or nothing of it failed.
create or replace function public.retry_provision_run(p_run_id uuid)
returns setof public.provision_runs
language plpgsql volatile set search_path = ''
as $$
begin
  perform 1 from public.provision_runs r where r.id = p_run_id for no key update;
  update public.provision_steps s
  set state = 'queued', next_attempt_at = null, finished_at = null, updated_at = now()
  where s.run_id = p_run_id and s.state = 'failed';
  if not found then
    return;
  end if;
  perform smarteros.settle_provision_run(p_run_id);
  return query select r.* from public.provision_runs r where r.id = p_run_id;
end
$$;

revoke all on function public.retry_provision_run(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.retry_provision_run(uuid) to service_role;
