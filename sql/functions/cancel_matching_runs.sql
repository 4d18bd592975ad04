-- Cancels many runs, those of smarteros.runs_matching, at most 100 each time. Returns how many and how many are left;
-- with `p_dry_run` nothing changes and all are left.
create or replace function smarteros.cancel_matching_runs(
  p_owner text, p_vendor text, p_error text, p_since timestamptz, p_dry_run boolean
) returns table (runs integer, remaining integer)
language plpgsql volatile set search_path = ''
as $$
declare
  matching uuid[] := array(
    select m.run_id from smarteros.runs_matching('open', p_owner, p_vendor, p_error, p_since) m
    group by m.run_id order by m.run_id
  );
  batch uuid[] := case when p_dry_run then '{}' else matching[1:100] end;
  changed integer;
begin
  select count(*) into changed from smarteros.cancel_runs(batch);
  return query select changed, cardinality(matching) - cardinality(batch);
end
$$;

revoke all on function smarteros.cancel_matching_runs(text, text, text, timestamptz, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.cancel_matching_runs(text, text, text, timestamptz, boolean) to service_role, smarteros_fn;
