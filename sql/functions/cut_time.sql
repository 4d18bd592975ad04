-- Cuts a time into the parts that are read from hours, days and weeks. Each is counted up to a time of its own; where one is
-- missing or not wanted, the next finer stands for it, and in the end the calls.
create or replace function smarteros.cut_time(p_from timestamptz, p_to timestamptz, p_hours boolean, p_days boolean, p_weeks boolean)
returns smarteros.time_cut
language plpgsql stable set search_path = '' set timezone = 'UTC'
as $$
declare
  cut smarteros.time_cut;
begin
  if p_hours then
    cut.hours_from := date_trunc('hour', p_from + interval '1 hour' - interval '1 microsecond');
    cut.hours_to := date_trunc('hour', least(p_to, coalesce(smarteros.counted_until('hour'), '-infinity')));
  end if;
  if p_days then
    cut.days_from := date_trunc('day', p_from + interval '1 day' - interval '1 microsecond');
    cut.days_to := date_trunc('day', least(p_to, coalesce(smarteros.counted_until('day'), '-infinity')));
  end if;
  if p_weeks then
    cut.weeks_from := date_trunc('week', p_from + interval '7 days' - interval '1 microsecond');
    cut.weeks_to := date_trunc('week', least(p_to, coalesce(smarteros.counted_until('week'), '-infinity')));
  end if;
  if not p_hours then
    cut.hours_from := cut.days_from;
    cut.hours_to := cut.days_to;
  end if;
  if cut.hours_from < cut.hours_to is not true then
    cut.hours_from := p_to;
    cut.hours_to := p_to;
  end if;
  if cut.days_from < cut.days_to is not true then
    cut.days_from := cut.hours_to;
    cut.days_to := cut.hours_to;
  end if;
  if cut.weeks_from < cut.weeks_to is not true then
    cut.weeks_from := cut.days_to;
    cut.weeks_to := cut.days_to;
  end if;
  return cut;
end
$$;

revoke all on function smarteros.cut_time(timestamptz, timestamptz, boolean, boolean, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.cut_time(timestamptz, timestamptz, boolean, boolean, boolean) to authenticated;
