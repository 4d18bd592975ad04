-- Counts days of which rows have come, at most 50 days of services at once, opens and closes incidents, and drops rows that
-- no one reads any more. After so many failures in a row a service is down, after so many successes up. May be called at any time, any number of times and side by side.
create or replace function public.roll_up_health(p_down_after integer default 3, p_up_after integer default 2)
returns table (days integer, more boolean)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  services text[];
  starts timestamptz[];
  name text;
begin
  if p_down_after is null or p_down_after not between 1 and 100 or p_up_after is null or p_up_after not between 1 and 100 then
    raise exception 'p_down_after and p_up_after must be 1 to 100' using errcode = '23514', constraint = 'thresholds_range';
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('smarteros.roll_up_health', 0)) then
    return query select 0, true;
    return;
  end if;
  -- Those that someone is marking at this moment have their turn next time.
  with due as (
    select u.service, u.ts from smarteros.health_uncounted u
    order by u.ts desc, u.service limit 50 for update skip locked
  ), taken as (
    delete from smarteros.health_uncounted u using due where u.service = due.service and u.ts = due.ts
    returning u.service, u.ts
  )
  select coalesce(array_agg(t.service), '{}'), coalesce(array_agg(t.ts), '{}') into services, starts
  -- Of older days the rows themselves may be gone: what is counted of them stays.
  from taken t where t.ts >= now() - interval '100 days';
  delete from smarteros.health_days d using unnest(services, starts) as todo (service, ts)
  where d.service = todo.service and d.ts = todo.ts;
  insert into smarteros.health_days
  select counted.*
  from unnest(services, starts) as todo (service, ts)
  cross join lateral smarteros.counted_health(
    array[todo.service], todo.ts, todo.ts + interval '1 day', interval '1 day'
  ) counted;
  for name in select distinct s.name from unnest(services) as s (name) order by 1 loop
    perform smarteros.follow_health(name, p_down_after, p_up_after);
  end loop;
  -- Also of services that no one looks at any more. Few of each at once, so that a large backlog ends no counting. What an
  -- earlier app had stored for longer when it was taken over stays.
  for name in select s.service from smarteros.health_states s order by 1 loop
    delete from public.external_health h
    where h.id in (
      select old.id from public.external_health old
      where old.service = name and old.created_at < now() - interval '101 days'
        and old.created_at >= coalesce((smarteros.setting('probes_adopted_at') #>> '{}')::timestamptz - interval '101 days', '-infinity')
      limit 1000
    );
  end loop;
  return query select cardinality(services), exists (select from smarteros.health_uncounted);
end
$$;

revoke all on function public.roll_up_health(integer, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.roll_up_health(integer, integer) to service_role;
