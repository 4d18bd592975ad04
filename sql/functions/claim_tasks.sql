-- Claims up to `p_limit` tasks of a queue for a worker, in the order in which they are due; each fourth by priority first.
-- The row of the queue is locked, so that caps hold among workers and within the batch. A key that has reached its cap is
-- skipped by its lines, of which it has four at most. While the circuit breaker is open nothing is
-- claimed, and after that one task at a time until one succeeds.
create or replace function public.claim_tasks(p_queue text, p_worker text, p_limit integer default 1)
returns setof public.tasks
language plpgsql volatile set search_path = ''
as $$
declare
  queue public.task_queues;
  picked uuid;
  task public.tasks;
  slots integer;
  claims integer := 0;
  full_keys text[];
  full_tenants uuid[];
  -- Keys with a tenant at its cap: the head of their lines may be a task that may not run yet.
  doubtful_keys text[];
begin
  perform smarteros.end_leases(p_queue);
  select q.* into queue from public.task_queues q where q.name = p_queue for update;
  if not found or queue.paused_at is not null or queue.open_until > clock_timestamp() then
    return;
  end if;
  perform smarteros.prepare_claim(p_queue);

  select least(p_limit, 100, queue.max_running - count(*), queue.max_per_worker - count(*) filter (where t.claimed_by = p_worker))
  into slots
  from public.tasks t where t.queue = p_queue and t.state = 'running';
  if queue.failures >= queue.breaker_failures then
    slots := least(slots, 1 - (select count(*) from public.tasks t where t.queue = p_queue and t.state = 'running'));
  end if;
  if slots <= 0 then
    return;
  end if;
  full_keys := array(
    select t.fair_key from public.tasks t where t.queue = p_queue and t.state = 'running'
    group by t.fair_key having count(*) >= queue.max_per_key
  );
  select coalesce(array_agg(f.tenant_id), '{}'), coalesce(array_agg(distinct f.fair_key), '{}')
  into full_tenants, doubtful_keys
  from (
    select t.tenant_id, t.fair_key from public.tasks t
    where t.queue = p_queue and t.state = 'running' and t.tenant_id is not null
    group by t.tenant_id, t.fair_key having count(*) >= queue.max_per_tenant
  ) f;

  for slot in 1..slots loop
    if (queue.claimed + slot) % 4 = 0 then
      select head.id into picked
      from (
        select l.fair_key, l.priority from public.task_lines l
        where l.queue = p_queue and l.fair_key <> all (full_keys)
        order by l.priority, l.head_due_at
        limit 1 + 4 * cardinality(doubtful_keys)
      ) line
      cross join lateral smarteros.head_of_line(p_queue, line.fair_key, line.priority, full_tenants) head
      order by line.priority, head.due_at, head.id
      limit 1;
    else
      select head.id into picked
      from (
        select l.fair_key, l.priority from public.task_lines l
        where l.queue = p_queue and l.fair_key <> all (full_keys)
        order by l.head_due_at
        limit 1 + 4 * cardinality(doubtful_keys)
      ) line
      cross join lateral smarteros.head_of_line(p_queue, line.fair_key, line.priority, full_tenants) head
      order by head.due_at, head.id
      limit 1;
    end if;
    exit when not found;
    update public.tasks t
    set state = 'running', attempts = t.attempts + 1, claim = gen_random_uuid(), claimed_by = p_worker,
      claimed_at = clock_timestamp(), lease_until = clock_timestamp() + queue.lease
    where t.id = picked
    returning t.* into task;
    perform smarteros.leave_line(p_queue, task.fair_key, task.priority);
    claims := claims + 1;
    return next task;
    if queue.max_per_key is not null and queue.max_per_key <= (
      select count(*) from public.tasks t where t.queue = p_queue and t.fair_key = task.fair_key and t.state = 'running'
    ) then
      full_keys := full_keys || task.fair_key;
    end if;
    if task.tenant_id is not null and queue.max_per_tenant is not null and queue.max_per_tenant <= (
      select count(*) from public.tasks t
      where t.queue = p_queue and t.fair_key = task.fair_key and t.tenant_id = task.tenant_id and t.state = 'running'
    ) then
      full_tenants := full_tenants || task.tenant_id;
      if task.fair_key <> all (doubtful_keys) then
        doubtful_keys := doubtful_keys || task.fair_key;
      end if;
    end if;
  end loop;
  if claims > 0 then
    update public.task_queues q set claimed = q.claimed + claims where q.name = p_queue;
  end if;
end
$$;

revoke all on function public.claim_tasks(text, text, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.claim_tasks(text, text, integer) to service_role;
