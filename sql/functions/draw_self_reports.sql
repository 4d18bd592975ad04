-- Draws p_rows from what the current user may still report in this hour (6000 rows); returns how many they get. Holds the
-- user's lock until the transaction ends, so that two reports of one user do not store one row twice.
create or replace function smarteros.draw_self_reports(p_rows integer) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  per_hour constant integer := 6000;
  this_hour constant timestamptz := date_trunc('hour', now());
  used integer;
begin
  perform pg_advisory_xact_lock(hashtextextended('smarteros.self_reports:' || smarteros.subject(), 0));
  insert into smarteros.self_report_counts as c (user_id, hour_start, rows)
  values (smarteros.subject(), this_hour, p_rows)
  on conflict (user_id) do update
    set hour_start = excluded.hour_start,
      rows = case when c.hour_start = excluded.hour_start then c.rows + excluded.rows else excluded.rows end
  returning rows into used;
  return greatest(0, least(p_rows, per_hour - (used - p_rows)));
end
$$;

revoke all on function smarteros.draw_self_reports(integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.draw_self_reports(integer) to smarteros_fn;
