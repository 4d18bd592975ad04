-- Finds a running task by the token of its last claim, and locks it. No row: another worker may have it. `p_leased` demands
-- that its lease has not run out as well.
create or replace function smarteros.held_task(p_task_id uuid, p_claim uuid, p_leased boolean default false)
returns table (tenant_id uuid, vendor text)
language sql volatile set search_path = ''
as $$
  select t.tenant_id, t.queue from public.tasks t
  where t.id = p_task_id and t.claim = p_claim and t.state = 'running'
    and (not p_leased or t.lease_until > clock_timestamp())
  for no key update
$$;

revoke all on function smarteros.held_task(uuid, uuid, boolean) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.held_task(uuid, uuid, boolean) to service_role;
