-- Tries again what failed of the runs of an owner's tenants, of all where it is null, for the service; see smarteros.retry_matching_runs.
create or replace function public.retry_provision_runs(
  p_owner text default null, p_vendor text default null, p_error text default null, p_since timestamptz default null,
  p_dry_run boolean default false
) returns table (runs integer, remaining integer)
language sql volatile set search_path = ''
as $$
  select m.* from smarteros.retry_matching_runs(p_owner, p_vendor, p_error, p_since, p_dry_run) m
$$;

revoke all on function public.retry_provision_runs(text, text, text, timestamptz, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.retry_provision_runs(text, text, text, timestamptz, boolean) to service_role;
