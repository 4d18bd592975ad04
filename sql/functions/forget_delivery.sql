-- Removes the payload of a workflow's call with its end, and what the workflow returned where its requester has given up: data
-- of workflows does not stay in the database.
create or replace function smarteros.forget_delivery() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
  new.payload := '{}';
  if new.cancel_requested_at is not null then
    new.result := null;
    new.error := new.error - 'message';
  end if;
  return new;
end
$$;

revoke all on function smarteros.forget_delivery() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger tasks_forget before update of state on public.tasks
for each row when (new.queue = 'requests' and new.kind = 'trigger' and new.finished_at is not null)
execute function smarteros.forget_delivery();
