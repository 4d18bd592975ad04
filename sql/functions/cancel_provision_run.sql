-- Cancels a run for the service; see smarteros.cancel_runs. No row: no such run, or it is over.
create or replace function public.cancel_provision_run(p_run_id uuid)
returns setof public.provision_runs
language plpgsql volatile set search_path = ''
as $$
begin
  perform smarteros.cancel_runs(array[p_run_id]);
  if found then
    return query select r.* from public.provision_runs r where r.id = p_run_id;
  end if;
end
$$;

revoke all on function public.cancel_provision_run(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.cancel_provision_run(uuid) to service_role;
