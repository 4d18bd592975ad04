-- Returns the time from which on retention may drop nothing: the first day that is still to be counted and, where the log is
-- sealed, the first call that arrived after the last seal.
create or replace function smarteros.needed_from(p_sealed boolean) returns timestamptz
language plpgsql stable set search_path = '' set timezone = 'UTC'
as $$
declare
  sealed_until timestamptz;
  unsealed timestamptz;
begin
  if p_sealed then
    select coalesce(max(s.hour) + interval '1 hour', '-infinity') into sealed_until from smarteros.audit_seals s;
    select min(i.created_at) into unsealed from public.mcp_invocations i where i.recorded_at >= sealed_until;
  end if;
  return least(
    coalesce(smarteros.counted_until('day'), (select min(i.created_at) from public.mcp_invocations i)),
    (select min(w.ts) from smarteros.rollup_work w),
    unsealed
  );
end
$$;

revoke all on function smarteros.needed_from(boolean) from public, anon, authenticated, service_role, smarteros_fn;
