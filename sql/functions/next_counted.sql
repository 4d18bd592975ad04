-- Returns the first time from p_from on that has counts of a resolution; null where there is none.
create or replace function smarteros.next_counted(p_resolution text, p_from timestamptz) returns timestamptz
language sql stable set search_path = ''
as $$
  select min(first.ts)
  from unnest('{all,self}'::text[]) as of (scope)
  cross join lateral (
    select r.ts from public.call_rollups r
    where r.resolution = p_resolution and r.scope = of.scope and r.scope_key = '' and r.tool = '' and r.ts >= p_from
    order by r.ts limit 1
  ) first
$$;

revoke all on function smarteros.next_counted(text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;
