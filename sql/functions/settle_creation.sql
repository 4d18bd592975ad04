-- Ends the open creation of a task's tenant at its vendor by evidence: `created`, `refused`, `found` or `absent`. No row:
-- another worker may have the task, or none is open.
create or replace function public.settle_creation(p_task_id uuid, p_claim uuid, p_as text) returns setof public.provision_intents
language sql volatile set search_path = ''
as $$
  update public.provision_intents i
  set settled_at = clock_timestamp(), settled_as = p_as
  from smarteros.held_task(p_task_id, p_claim) held
  where i.tenant_id = held.tenant_id and i.vendor = held.vendor and i.settled_at is null
  returning i.*
$$;

revoke all on function public.settle_creation(uuid, uuid, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.settle_creation(uuid, uuid, text) to service_role;
