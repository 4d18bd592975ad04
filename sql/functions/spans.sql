-- What of a time is counted ahead, and by what. Without a search path of its own, so that it is written into the query.
create or replace function smarteros.spans(p_cut smarteros.time_cut)
returns table (resolution text, since timestamptz, until timestamptz)
language sql immutable rows 5
as $$
  values ('hour', (p_cut).hours_from, (p_cut).days_from), ('day', (p_cut).days_from, (p_cut).weeks_from),
    ('week', (p_cut).weeks_from, (p_cut).weeks_to), ('day', (p_cut).weeks_to, (p_cut).days_to),
    ('hour', (p_cut).days_to, (p_cut).hours_to)
$$;

revoke all on function smarteros.spans(smarteros.time_cut)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.spans(smarteros.time_cut) to authenticated;
