-- Brings a queue up to date before a claim, a bounded number of rows each time: tasks whose time has come, tasks past their
-- deadline, and what workflows returned that no one has taken within a minute.
create or replace function smarteros.prepare_claim(p_queue text) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  ids uuid[];
  line record;
begin
  select array_agg(due.id order by due.run_at) into ids
  from (
    select t.id, t.run_at from public.tasks t
    where t.queue = p_queue and t.state = 'scheduled' and t.run_at <= clock_timestamp()
    order by t.run_at limit 1000
    for update skip locked
  ) due;
  if ids is not null then
    perform smarteros.line_up(ids);
  end if;

  for line in
    with late as (
      select t.id, t.state from public.tasks t
      where t.queue = p_queue and t.deadline_at < clock_timestamp() and t.state in ('scheduled', 'queued')
      order by t.deadline_at limit 100
      for update skip locked
    ), expired as (
      update public.tasks t set state = 'expired', finished_at = clock_timestamp()
      from late where t.id = late.id
      returning t.fair_key, t.priority, late.state
    )
    select e.fair_key, e.priority, count(*)::integer as tasks from expired e where e.state = 'queued'
    group by e.fair_key, e.priority order by e.fair_key, e.priority
  loop
    perform smarteros.leave_line(p_queue, line.fair_key, line.priority, line.tasks);
  end loop;

  if p_queue = 'requests' then
    update public.tasks t set result = null, error = t.error - 'message'
    from (
      select o.id from public.tasks o
      where o.queue = 'requests' and o.kind = 'trigger' and (o.result is not null or o.error ? 'message')
        and o.finished_at < clock_timestamp() - interval '1 minute'
      order by o.finished_at limit 100
      for update skip locked
    ) untaken
    where t.id = untaken.id;
  end if;
end
$$;

revoke all on function smarteros.prepare_claim(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.prepare_claim(text) to service_role;
