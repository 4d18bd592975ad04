-- Tries again what failed of the runs of the current user's tenants, of all for who sees all; see smarteros.retry_matching_runs. Raises 22023
-- for an unknown vendor.
create or replace function public.request_retries(
  p_vendor text default null, p_error text default null, p_since timestamptz default null, p_dry_run boolean default false
) returns table (runs integer, remaining integer)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  if p_vendor is not null then
    perform smarteros.request_vendors(array[p_vendor]);
  end if;
  return query select m.* from smarteros.retry_matching_runs(
    case when smarteros.sees_all_tenants() then null else smarteros.subject() end, p_vendor, p_error, p_since, p_dry_run
  ) m;
end
$$;

revoke all on function public.request_retries(text, text, timestamptz, boolean) from public, anon, authenticated, service_role;
grant execute on function public.request_retries(text, text, timestamptz, boolean) to authenticated;
alter function public.request_retries(text, text, timestamptz, boolean) owner to smarteros_fn;
