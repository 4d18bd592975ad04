-- Puts scheduled tasks in line, in the order given: due now, plus the slack of their priority, plus a slice for each open task of
-- their key in the queue. Locks the lines in one order, so that two calls cannot wait for each other.
create or replace function smarteros.line_up(p_ids uuid[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  line record;
  first_due timestamptz;
  ahead integer;
  before integer;
begin
  for line in
    select t.queue, t.fair_key, t.priority, q.slice, count(*)::integer as tasks, array_agg(t.id order by given.place) as ids
    from unnest(p_ids) with ordinality as given (id, place)
    join public.tasks t on t.id = given.id
    join public.task_queues q on q.name = t.queue
    group by t.queue, t.fair_key, t.priority, q.slice
    order by t.queue, t.fair_key, t.priority
  loop
    ahead := (
      select count(*) from public.tasks t
      where t.queue = line.queue and t.fair_key = line.fair_key and t.state = 'running' and t.id <> all (line.ids)
    ) + coalesce((
      select sum(l.waiting) from public.task_lines l
      where l.queue = line.queue and l.fair_key = line.fair_key and l.priority <> line.priority
    ), 0);
    first_due := clock_timestamp() + smarteros.task_slack(line.priority) + line.slice * ahead;
    insert into public.task_lines as l (queue, fair_key, priority, waiting, head_due_at)
    values (line.queue, line.fair_key, line.priority, line.tasks, first_due)
    on conflict (queue, fair_key, priority) do update
      set waiting = l.waiting + line.tasks,
        head_due_at = least(l.head_due_at, first_due + line.slice * l.waiting)
    returning l.waiting - line.tasks into before;
    update public.tasks t
    set state = 'queued', lease_until = null, due_at = first_due + line.slice * (before + place.number - 1)
    from unnest(line.ids) with ordinality as place (id, number)
    where t.id = place.id;
  end loop;
end
$$;

revoke all on function smarteros.line_up(uuid[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.line_up(uuid[]) to service_role, smarteros_fn;
