-- Takes tasks out of a line whose rows are no longer queued, and finds its new head. Two statements, because the head is
-- found among the rows that are there once the line is locked.
create or replace function smarteros.leave_line(p_queue text, p_fair_key text, p_priority smallint, p_tasks integer default 1)
returns void
language plpgsql volatile set search_path = ''
as $$
declare
  waiting integer;
begin
  select l.waiting into waiting from public.task_lines l
  where l.queue = p_queue and l.fair_key = p_fair_key and l.priority = p_priority
  for update;
  if waiting <= p_tasks then
    delete from public.task_lines l
    where l.queue = p_queue and l.fair_key = p_fair_key and l.priority = p_priority;
    return;
  end if;
  update public.task_lines l
  set waiting = l.waiting - p_tasks,
    head_due_at = (
      select t.due_at from public.tasks t
      where t.queue = p_queue and t.fair_key = p_fair_key and t.priority = p_priority and t.state = 'queued'
      order by t.due_at, t.id
      limit 1
    )
  where l.queue = p_queue and l.fair_key = p_fair_key and l.priority = p_priority;
end
$$;

revoke all on function smarteros.leave_line(text, text, smallint, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.leave_line(text, text, smallint, integer) to service_role, smarteros_fn;
