-- Marks what is to be counted again, from its beginning.
create or replace function smarteros.mark_rollup(p_resolution text, p_ts timestamptz) returns void
language sql volatile set search_path = ''
as $$
  insert into smarteros.rollup_work (resolution, ts) values (p_resolution, p_ts)
  on conflict (resolution, ts) do update set part = 'all', after_key = ''
$$;

revoke all on function smarteros.mark_rollup(text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;
