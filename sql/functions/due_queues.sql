-- Finds those of the queues in which a claim may find something to do: a task in line or whose time has come, or a lease that
-- ran out. Reads one row of an index for each.
create or replace function public.due_queues(p_queues text[]) returns setof text
language sql stable set search_path = ''
as $$
  select q.name
  from public.task_queues q
  where q.name = any (p_queues) and (
    (
      q.paused_at is null and (q.open_until is null or q.open_until <= clock_timestamp()) and (
        exists (select from public.task_lines l where l.queue = q.name)
        or exists (
          select from public.tasks t where t.queue = q.name and t.state = 'scheduled' and t.run_at <= clock_timestamp()
        )
      )
    )
    or exists (
      select from public.tasks t where t.queue = q.name and t.state = 'running' and t.lease_until < clock_timestamp()
    )
  )
$$;

revoke all on function public.due_queues(text[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.due_queues(text[]) to service_role;
