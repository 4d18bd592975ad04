-- Makes the daily partitions (UTC) from today to p_days_ahead, but for days whose rows are in the default partition already:
-- move_default_rows makes those. It is called once, which is enough for 20 000 rows. Returns how many partitions are new.
-- Raises 23514 for p_days_ahead outside 0 to 366.
create or replace function public.ensure_partitions(p_days_ahead integer default 7) returns integer
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  day timestamptz;
  name text;
  before integer;
begin
  if p_days_ahead is null or p_days_ahead not between 0 and 366 then
    raise exception 'p_days_ahead must be 0 to 366' using errcode = '23514', constraint = 'p_days_ahead_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  before := (select count(*) from smarteros.call_partitions());
  for day in
    select d from generate_series(
      current_date::timestamptz, current_date::timestamptz + make_interval(days => p_days_ahead), interval '1 day') d
    where not exists (select from smarteros.call_partitions() p where p.from_at < d + interval '1 day' and p.to_at > d)
    order by 1
  loop
    name := 'mcp_invocations_' || to_char(day, 'YYYYMMDD');
    -- Before the look, so that no row comes into the default partition after it; and before any other lock, or who reads
    -- and then writes would meet us in a deadlock.
    lock table only public.mcp_invocations in access exclusive mode;
    continue when to_regclass('smarteros.' || name) is not null or exists (
      select from smarteros.mcp_invocations_default i
      where i.created_at >= day and i.created_at < day + interval '1 day'
    );
    perform smarteros.create_call_table(name);
    execute format('alter table public.mcp_invocations attach partition smarteros.%I for values from (%L) to (%L)',
      name, day, day + interval '1 day');
  end loop;
  perform public.move_default_rows(20000, p_days_ahead);
  return (select count(*) from smarteros.call_partitions()) - before;
end
$$;

revoke all on function public.ensure_partitions(integer) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.ensure_partitions(integer) to service_role;
