-- Inserts a task whose requester waits for its result: it comes before all others, has one attempt and expires after 15 s. A
-- later claim puts it in line. `health` is requested by the system and open once. Returns its id. Raises P0001
-- `too_many_requests` for a 21st open request of one user.
create or replace function smarteros.insert_request(p_kind text, p_tenant_id uuid default null, p_payload jsonb default '{}')
returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
  at_most constant integer := 20;
  requester constant text := case when p_kind = 'health' then 'system' else smarteros.subject() end;
  open_tasks uuid[];
  task uuid;
begin
  -- One at a time for a requester, so that many concurrent ones do not all see room for one more.
  perform pg_advisory_xact_lock(hashtextextended('smarteros.requests:' || requester, 0));
  -- Those that no worker has claimed in time. One in line expires with the next claim.
  update public.tasks t set state = 'expired', finished_at = clock_timestamp()
  where t.queue = 'requests' and t.requested_by = requester and t.state = 'scheduled' and t.deadline_at < clock_timestamp();
  open_tasks := array(
    select t.id from public.tasks t
    where t.queue = 'requests' and t.requested_by = requester and t.state in ('scheduled', 'queued', 'running')
    limit at_most
  );
  if p_kind = 'health' and open_tasks <> '{}' then
    return open_tasks[1];
  end if;
  if cardinality(open_tasks) >= at_most then
    raise exception 'too_many_requests'
      using errcode = 'P0001', detail = at_most::text, hint = 'Wait until some of them are over.';
  end if;
  insert into public.tasks (queue, kind, tenant_id, fair_key, priority, payload, deadline_at, max_attempts, dedupe_key,
    requested_by)
  values ('requests', p_kind, p_tenant_id,
    coalesce((select t.clerk_user_id from public.tenants t where t.id = p_tenant_id), requester), 0, p_payload,
    clock_timestamp() + interval '15 seconds', 1, case when p_kind = 'health' then 'health' end, requester)
  returning id into task;
  perform smarteros.wake_workers(array['requests']);
  return task;
end
$$;

revoke all on function smarteros.insert_request(text, uuid, jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.insert_request(text, uuid, jsonb) to smarteros_fn;
