-- Seals hours that ended ten minutes ago and are not sealed, at most p_at_most, the first time the latest one alone. Begins
-- none after one second. May be called at any time and side by side. Returns the new seals.
create or replace function public.seal_audit(p_at_most integer default 24) returns table (hour timestamptz, rows bigint, hash text)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
  stop_at constant timestamptz := clock_timestamp() + interval '1 second';
  until constant timestamptz := date_trunc('hour', now() - interval '10 minutes');
  last smarteros.audit_seals;
  next_hour timestamptz;
  found_parts jsonb;
  next_hash text;
begin
  if p_at_most is null or p_at_most not between 1 and 1000 then
    raise exception 'p_at_most must be 1 to 1000' using errcode = '23514', constraint = 'p_at_most_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.seal_audit', 0));
  select s.* into last from smarteros.audit_seals s order by s.hour desc limit 1;
  for next_hour in
    select h from generate_series(
      coalesce(last.hour + interval '1 hour', until - interval '1 hour'), until - interval '1 hour', interval '1 hour'
    ) h limit p_at_most
  loop
    exit when clock_timestamp() > stop_at;
    found_parts := smarteros.seal_parts(next_hour);
    next_hash := smarteros.seal_hash(coalesce(last.hash, ''), next_hour, found_parts);
    insert into smarteros.audit_seals (hour, parts, previous, hash)
    values (next_hour, found_parts, coalesce(last.hash, ''), next_hash)
    returning * into last;
    return query select next_hour, coalesce((select sum((p -> 1)::bigint)::bigint from jsonb_array_elements(found_parts) p), 0),
      next_hash;
  end loop;
end
$$;

revoke all on function public.seal_audit(integer) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.seal_audit(integer) to service_role;
