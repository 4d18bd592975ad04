-- Returns the query for store_rollups that adds up rows of a finer resolution.
create or replace function smarteros.rollups_by(p_resolution text, p_from timestamptz, p_to timestamptz, p_condition text) returns text
language sql immutable set search_path = ''
as $$
  select format(
    'with r as materialized (
       select r.* from public.call_rollups r where r.resolution = %L and r.ts >= %L and r.ts < %L and %s
     )
     select r.scope, r.scope_key, r.tool, b.bin, b.calls, 0, 0
     from r cross join lateral unnest(r.bins, r.counts) as b (bin, calls)
     union all
     select r.scope, r.scope_key, r.tool, 0::smallint, 0, r.errors, r.limited from r', p_resolution, p_from, p_to, p_condition
  )
$$;

revoke all on function smarteros.rollups_by(text, timestamptz, timestamptz, text)
  from public, anon, authenticated, service_role, smarteros_fn;
