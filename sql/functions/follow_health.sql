-- Follows the rows of one service from where it was left, and opens and closes its incident. What comes late, for a time
-- that was followed already, is counted by the day and changes no incident. During maintenance nothing is followed.
create or replace function smarteros.follow_health(p_service text, p_down_after integer, p_up_after integer) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  state smarteros.health_states;
  seen record;
begin
  insert into smarteros.health_states (service) values (p_service) on conflict do nothing;
  select s.* into state from smarteros.health_states s where s.service = p_service for update;
  for seen in
    select h.created_at, h.status, h.error_message, smarteros.in_maintenance(h.service, h.created_at) as excluded
    from public.external_health h
    where h.service = p_service and h.created_at > state.seen_until
    order by h.created_at
    limit 2000
  loop
    state.seen_until := seen.created_at;
    if seen.excluded then
      state.successes := 0;
      if state.incident_id is null then
        state.failures := 0;
      end if;
    elsif seen.status = 'error' then
      if state.failures = 0 then
        state.failing_since := seen.created_at;
        state.reason := coalesce(seen.error_message, 'error');
      end if;
      state.failures := state.failures + 1;
      state.successes := 0;
      if state.incident_id is null and state.failures >= p_down_after then
        insert into smarteros.health_incidents (service, started_at, failures, reason)
        values (p_service, state.failing_since, state.failures, state.reason)
        returning id into state.incident_id;
      end if;
    elsif state.incident_id is null then
      state.failures := 0;
    else
      state.successes := state.successes + 1;
      if state.successes = 1 then
        state.well_since := seen.created_at;
      end if;
      if state.successes >= p_up_after then
        update smarteros.health_incidents i
        set ended_at = state.well_since, failures = state.failures where i.id = state.incident_id;
        state.incident_id := null;
        state.failures := 0;
        state.successes := 0;
      end if;
    end if;
  end loop;
  update smarteros.health_incidents i set failures = state.failures
  where i.id = state.incident_id and i.failures <> state.failures;
  update smarteros.health_states s
  set seen_until = state.seen_until, incident_id = state.incident_id, failures = state.failures,
    successes = state.successes, failing_since = state.failing_since, well_since = state.well_since,
    reason = state.reason
  where s.service = p_service;
end
$$;

revoke all on function smarteros.follow_health(text, integer, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
