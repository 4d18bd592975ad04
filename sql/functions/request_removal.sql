-- Requests the removal of a deleted tenant's services at their vendors, once its grace period is over: the setting
-- delete_grace_days, by default 30. Needs `admin`. Returns the run, and no row as request_services does. Raises P0001
-- `tenant_active`, `grace_not_over` with the time of its end in the detail and the days in the hint, and `services_held`.
create or replace function public.request_removal(
  p_tenant_id uuid, p_vendors text[], p_request_id text default null, p_traceparent text default null
) returns setof public.provision_runs
language plpgsql volatile security definer set search_path = ''
as $$
declare
  grace_days constant integer := coalesce((smarteros.setting('delete_grace_days'))::integer, 30);
  vendors text[];
  tenant public.tenants;
  over_at timestamptz;
  run uuid;
begin
  perform smarteros.require('admin');
  vendors := smarteros.request_vendors(p_vendors);
  select t.* into tenant from public.tenants t
  where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
  for no key update;
  if not found then
    return;
  end if;
  if tenant.active or tenant.deleted_at is null then
    raise exception 'tenant_active' using errcode = 'P0001', hint = 'Delete the tenant first.';
  end if;
  over_at := tenant.deleted_at + make_interval(hours => 24 * grace_days);
  if over_at > now() then
    raise exception 'grace_not_over'
      using errcode = 'P0001', detail = to_char(over_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        hint = grace_days::text;
  end if;
  run := smarteros.request_run(p_tenant_id, vendors, 'remove', p_request_id, p_traceparent);
  return query select r.* from public.provision_runs r where r.id = run;
end
$$;

revoke all on function public.request_removal(uuid, text[], text, text) from public, anon, authenticated, service_role;
grant execute on function public.request_removal(uuid, text[], text, text) to authenticated;
alter function public.request_removal(uuid, text[], text, text) owner to smarteros_fn;
