-- Looks at the seals after an hour, at most p_at_most and as many as one second allows, in order: whether each follows from the one before and is that of
-- the rows that are there. `problem`: changed, added, removed (of the hour's rows), broken (the seal itself is another),
-- missing (the hours before it have none).
create or replace function public.verify_seals(p_after timestamptz default null, p_at_most integer default 24)
returns table (hour timestamptz, hash text, problem text)
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
  stop_at constant timestamptz := clock_timestamp() + interval '1 second';
  gone_before constant date := coalesce((select r.kept_from from smarteros.retention r), '-infinity');
  before smarteros.audit_seals;
  seal smarteros.audit_seals;
  -- How many rows the seal and the hour have of the days that are kept, and what their hashes are.
  sealed record;
  there record;
begin
  if p_at_most is null or p_at_most not between 1 and 1000 then
    raise exception 'p_at_most must be 1 to 1000' using errcode = '23514', constraint = 'p_at_most_range';
  end if;
  select s.* into before from smarteros.audit_seals s where s.hour <= p_after order by s.hour desc limit 1;
  for seal in
    select s.* from smarteros.audit_seals s where p_after is null or s.hour > p_after order by s.hour limit p_at_most
  loop
    select coalesce(sum((p -> 1)::bigint), 0) as rows, jsonb_agg(p) as parts into sealed
    from jsonb_array_elements(seal.parts) p where (p ->> 0)::date >= gone_before;
    select coalesce(sum((p -> 1)::bigint), 0) as rows, jsonb_agg(p) as parts into there
    from jsonb_array_elements(smarteros.seal_parts(seal.hour)) p where (p ->> 0)::date >= gone_before;
    hour := seal.hour;
    hash := seal.hash;
    problem := case
      when before.hour is not null and seal.hour <> before.hour + interval '1 hour' then 'missing'
      when seal.previous <> coalesce(before.hash, '')
        or seal.hash <> smarteros.seal_hash(seal.previous, seal.hour, seal.parts) then 'broken'
      when there.rows > sealed.rows then 'added'
      when there.rows < sealed.rows then 'removed'
      when there.parts is distinct from sealed.parts then 'changed'
    end;
    return next;
    before := seal;
    exit when clock_timestamp() > stop_at;
  end loop;
end
$$;

revoke all on function public.verify_seals(timestamptz, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.verify_seals(timestamptz, integer) to service_role;
