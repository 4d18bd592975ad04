-- Writes that a creation is about to be sent for a task; one that is open begins again. No row: another worker may have the
-- task, so nothing may be sent.
create or replace function public.begin_creation(p_task_id uuid, p_claim uuid) returns setof public.provision_intents
language sql volatile set search_path = ''
as $$
  insert into public.provision_intents as i (tenant_id, vendor, task_id)
  select held.tenant_id, held.vendor, p_task_id from smarteros.held_task(p_task_id, p_claim, true) held
  on conflict (tenant_id, vendor) where settled_at is null do update
    set task_id = excluded.task_id, opened_at = clock_timestamp(), empty_searches = 0, searched_at = null, doubtful = false
  returning *
$$;

revoke all on function public.begin_creation(uuid, uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.begin_creation(uuid, uuid) to service_role;
