-- Cancels a run; see smarteros.cancel_runs. Returns the run. No row: there is none, or the current user does not see its
-- tenant. Raises P0001 `run_is_over`.
create or replace function public.request_cancel(p_run_id uuid) returns setof public.provision_runs
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  perform 1 from public.provision_runs r join public.tenants t on t.id = r.tenant_id
  where r.id = p_run_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if not found then
    return;
  end if;
  perform smarteros.cancel_runs(array[p_run_id]);
  if not found then
    raise exception 'run_is_over' using errcode = 'P0001', hint = 'See how its steps stand.';
  end if;
  return query select r.* from public.provision_runs r where r.id = p_run_id;
end
$$;

revoke all on function public.request_cancel(uuid) from public, anon, authenticated, service_role;
grant execute on function public.request_cancel(uuid) to authenticated;
alter function public.request_cancel(uuid) owner to smarteros_fn;
