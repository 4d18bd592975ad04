-- When the counting begins: of the time before, no one knows how many calls it had. Null where nothing is counted yet.
create or replace function smarteros.counted_since() returns timestamptz
language sql stable security definer set search_path = ''
as $$
  select min(first.ts)
  from unnest(array['hour', 'day']) as of (resolution)
  cross join lateral (
    select r.ts from public.call_rollups r
    where r.resolution = of.resolution and r.scope = 'all' and r.scope_key = '' and r.tool = ''
    order by r.ts limit 1
  ) first
$$;

revoke all on function smarteros.counted_since() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.counted_since() to authenticated;
