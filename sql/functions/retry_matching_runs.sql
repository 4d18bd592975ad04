-- Tries again what failed of many runs, those of smarteros.runs_matching, at most 100 each time. Returns how many and how many are left;
-- with `p_dry_run` nothing changes and all are left.
create or replace function smarteros.retry_matching_runs(
  p_owner text, p_vendor text, p_error text, p_since timestamptz, p_dry_run boolean
) returns table (runs integer, remaining integer)
language plpgsql volatile set search_path = ''
as $$
declare
  matching uuid[] := array(
    select m.run_id from smarteros.runs_matching('failed', p_owner, p_vendor, p_error, p_since) m
    group by m.run_id order by m.run_id
  );
  batch uuid[] := case when p_dry_run then '{}' else matching[1:100] end;
  changed integer := 0;
  run uuid;
begin
  perform 1 from public.provision_runs r where r.id = any (batch) order by r.id for no key update;
  foreach run in array batch loop
    if smarteros.retry_run(run, null, p_vendor, p_error) then
      changed := changed + 1;
    end if;
  end loop;
  return query select changed, cardinality(matching) - cardinality(batch);
end
$$;

revoke all on function smarteros.retry_matching_runs(text, text, text, timestamptz, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.retry_matching_runs(text, text, text, timestamptz, boolean) to service_role, smarteros_fn;
