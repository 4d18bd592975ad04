-- Ends what is not under way of a run; what is goes on to its end, so that no one loses sight of what it makes. No row: no
-- such run, or it is over.
create or replace function public.cancel_provision_run(p_run_id uuid)
returns setof public.provision_runs
language plpgsql volatile set search_path = ''
as $$
begin
  update public.provision_runs r
  set cancelled_at = coalesce(r.cancelled_at, now())
  where r.id = p_run_id and r.finished_at is null;
  if not found then
    return;
  end if;
  update public.provision_steps s
  set state = 'cancelled', next_attempt_at = null, finished_at = now(), updated_at = now()
  where s.run_id = p_run_id and s.state in ('queued', 'waiting');
  perform smarteros.settle_provision_run(p_run_id);
  return query select r.* from public.provision_runs r where r.id = p_run_id;
end
$$;

revoke all on function public.cancel_provision_run(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.cancel_provision_run(uuid) to service_role;
