-- Tries again what failed of a run; see smarteros.retry_run. Returns the run. No row: there is none, or the current user does
-- not see its tenant. Raises P0001 `run_cancelled`, where nothing failed to be undone either, and `nothing_failed`.
create or replace function public.request_retry(p_run_id uuid, p_traceparent text default null)
returns setof public.provision_runs
language plpgsql volatile security definer set search_path = ''
as $$
declare
  run public.provision_runs;
begin
  perform smarteros.require('write');
  select r.* into run from public.provision_runs r join public.tenants t on t.id = r.tenant_id
  where r.id = p_run_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
  for no key update of r;
  if not found then
    return;
  end if;
  if not smarteros.retry_run(p_run_id, p_traceparent) then
    if run.cancelled_at is not null then
      raise exception 'run_cancelled' using errcode = 'P0001', hint = 'Request the services again.';
    end if;
    raise exception 'nothing_failed' using errcode = 'P0001', hint = 'See how its steps stand.';
  end if;
  return query select r.* from public.provision_runs r where r.id = p_run_id;
end
$$;

revoke all on function public.request_retry(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.request_retry(uuid, text) to authenticated;
alter function public.request_retry(uuid, text) owner to smarteros_fn;
