-- Returns how long a task of a priority may wait behind one that is urgent and came later.
create or replace function smarteros.task_slack(p_priority smallint) returns interval
language sql immutable set search_path = ''
as $$
  select case p_priority
    when 0 then interval '0'
    when 1 then interval '30 seconds'
    when 2 then interval '5 minutes'
    else interval '30 minutes'
  end
$$;

revoke all on function smarteros.task_slack(smallint) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.task_slack(smallint) to service_role, smarteros_fn;
