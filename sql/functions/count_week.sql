-- Counts a week (UTC, from Monday) from its days: everybody's calls by tool, users' and tenants' for all tools together.
create or replace function smarteros.count_week(p_week timestamptz) returns void
language sql volatile set search_path = ''
as $$
  select smarteros.store_rollups('week', p_week,
    smarteros.rollups_by('day', p_week, p_week + interval '7 days', $c$(r.scope_key = '' or r.tool = '')$c$))
$$;

revoke all on function smarteros.count_week(timestamptz) from public, anon, authenticated, service_role, smarteros_fn;
