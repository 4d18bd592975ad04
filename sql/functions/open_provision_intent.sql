-- Writes that a creation is about to be sent for a task, if the token is that of its last claim and its lease has not run
-- out. No row: another worker may have the task, so nothing may be sent. Raises 23505 while another creation is open.
create or replace function public.open_provision_intent(p_task_id uuid, p_claim uuid) returns setof public.provision_intents
language sql volatile set search_path = ''
as $$
  with task as (
    select t.id, t.tenant_id, t.queue from public.tasks t
    where t.id = p_task_id and t.claim = p_claim and t.state = 'running' and t.lease_until > clock_timestamp()
    for no key update
  )
  insert into public.provision_intents (tenant_id, vendor, task_id)
  select task.tenant_id, task.queue, task.id from task
  returning *
$$;

revoke all on function public.open_provision_intent(uuid, uuid)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.open_provision_intent(uuid, uuid) to service_role;
