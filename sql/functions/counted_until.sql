-- Returns the time before which all hours, days or weeks are counted; null where nothing is counted yet.
create or replace function smarteros.counted_until(p_resolution text) returns timestamptz
language sql stable security definer set search_path = ''
as $$
  select case p_resolution when 'hour' then p.hours_until when 'day' then p.days_until else p.weeks_until end
  from smarteros.rollup_progress p
$$;

revoke all on function smarteros.counted_until(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.counted_until(text) to authenticated;
