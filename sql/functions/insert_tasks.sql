-- Inserts tasks and puts those in line that are due. `p_tasks` is [{"queue", "kind", "requested_by", "tenant_id"?,
-- "fair_key"?, "priority"?, "payload"?, "run_at"?, "run_after"?, "deadline_at"?, "max_attempts"?, "dedupe_key"?, "traceparent"?}], at most
-- 1000. Returns the id of each in their order; for a dedupe key that is open in its queue, that of the open task. The fair
-- key is the owner of the tenant, else the one given, else the requester.
create or replace function smarteros.insert_tasks(p_tasks jsonb, p_parent_id uuid default null)
returns setof uuid
language plpgsql volatile set search_path = ''
as $$
declare
  given record;
  task public.tasks;
  ids uuid[] := '{}';
  due uuid[] := '{}';
  idle text[];
begin
  if jsonb_typeof(p_tasks) is distinct from 'array' or jsonb_array_length(p_tasks) > 1000 then
    raise exception 'tasks_not_a_list'
      using errcode = '22023', detail = 'p_tasks must be an array of at most 1000 tasks.';
  end if;
  insert into public.task_queues (name)
  select distinct it ->> 'queue' from jsonb_array_elements(p_tasks) it order by 1
  on conflict (name) do nothing;
  for given in
    select new.*, coalesce(t.clerk_user_id, new.fair_key, new.requested_by) as key,
      coalesce(new.max_attempts, q.max_attempts) as attempts
    from jsonb_array_elements(p_tasks) with ordinality as item (it, number)
    cross join jsonb_to_record(item.it) as new (queue text, kind text, requested_by text, tenant_id uuid, fair_key text,
      priority smallint, payload jsonb, run_at timestamptz, run_after interval, deadline_at timestamptz, max_attempts smallint, dedupe_key text,
      traceparent text)
    join public.task_queues q on q.name = new.queue
    left join public.tenants t on t.id = new.tenant_id
    order by item.number
  loop
    -- Repeated, because the open task of the key may end between the insert and the look at it.
    loop
      insert into public.tasks (queue, kind, tenant_id, fair_key, priority, payload, run_at, deadline_at, max_attempts,
        dedupe_key, requested_by, traceparent, parent_id)
      values (given.queue, given.kind, given.tenant_id, given.key, coalesce(given.priority, 2),
        coalesce(given.payload, '{}'), coalesce(given.run_at, now() + coalesce(given.run_after, '0')), given.deadline_at, given.attempts,
        given.dedupe_key, given.requested_by, given.traceparent, p_parent_id)
      on conflict (queue, dedupe_key) where dedupe_key is not null and state in ('scheduled', 'queued', 'running') do nothing
      returning * into task;
      if found then
        if task.run_at <= now() then
          due := due || task.id;
        end if;
        exit;
      end if;
      select t.* into task from public.tasks t
      where t.queue = given.queue and t.dedupe_key = given.dedupe_key and t.state in ('scheduled', 'queued', 'running');
      exit when found;
    end loop;
    ids := ids || task.id;
  end loop;
  if due <> '{}' then
    -- Commits that notify wait for each other. Where tasks are in line already, workers ask by themselves.
    idle := array(
      select distinct t.queue from public.tasks t
      where t.id = any (due) and not exists (select from public.task_lines l where l.queue = t.queue)
    );
    perform smarteros.line_up(due);
    if idle <> '{}' then
      perform smarteros.wake_workers(idle);
    end if;
  end if;
  return query select unnest(ids);
end
$$;

revoke all on function smarteros.insert_tasks(jsonb, uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.insert_tasks(jsonb, uuid) to service_role, smarteros_fn;
