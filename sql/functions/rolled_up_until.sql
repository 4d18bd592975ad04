-- Hours before this moment are counted; null where nothing is yet.
create or replace function smarteros.rolled_up_until() returns timestamptz
language sql stable security definer set search_path = ''
as $$ select p.hours_until from smarteros.rollup_progress p $$;

revoke all on function smarteros.rolled_up_until() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.rolled_up_until() to authenticated;
