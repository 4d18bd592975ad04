-- Returns the state of a request to its requester and, once it is over, its result or error; that of `health` to everyone with
-- `read`. What a workflow returned is deleted by the same call: it is returned once. No row: no such request of the current
-- user.
create or replace function public.take_task(p_id uuid) returns table (state text, result jsonb, error jsonb)
language plpgsql volatile security definer set search_path = ''
as $$
declare
  task public.tasks;
begin
  perform smarteros.require('read');
  select t.* into task from public.tasks t
  where t.id = p_id and t.queue = 'requests' and (t.requested_by = smarteros.subject() or t.kind = 'health');
  if not found then
    return;
  end if;
  if task.finished_at is null then
    return query select task.state, null::jsonb, null::jsonb;
    return;
  end if;
  if task.kind = 'trigger' and (task.result is not null or task.error ? 'message') then
    update public.tasks t set result = null, error = t.error - 'message' where t.id = p_id;
  end if;
  return query select task.state, task.result, task.error;
end
$$;

revoke all on function public.take_task(uuid) from public, anon, authenticated, service_role;
grant execute on function public.take_task(uuid) to authenticated;
alter function public.take_task(uuid) owner to smarteros_fn;
