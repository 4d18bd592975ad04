-- Cancels a request of the current user that is open; see cancel_task. Returns whether there was one.
create or replace function public.abandon_task(p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  perform 1 from public.tasks t
  where t.id = p_id and t.queue = 'requests' and t.requested_by = smarteros.subject() and t.kind <> 'health';
  if not found then
    return false;
  end if;
  perform 1 from public.cancel_task(p_id);
  return found;
end
$$;

revoke all on function public.abandon_task(uuid) from public, anon, authenticated, service_role;
grant execute on function public.abandon_task(uuid) to authenticated;
alter function public.abandon_task(uuid) owner to smarteros_fn;
