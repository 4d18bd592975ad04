-- Pauses a queue, so that no task of it is claimed, or resumes it. Running tasks continue. No row: no such queue.
create or replace function public.pause_queue(p_name text, p_paused boolean default true) returns setof public.task_queues
language plpgsql volatile set search_path = ''
as $$
begin
  return query
    update public.task_queues q
    set paused_at = case when p_paused then coalesce(q.paused_at, clock_timestamp()) end
    where q.name = p_name
    returning q.*;
  if not p_paused then
    perform smarteros.wake_workers(array[p_name]);
  end if;
end
$$;

revoke all on function public.pause_queue(text, boolean) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.pause_queue(text, boolean) to service_role;
