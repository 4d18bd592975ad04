-- Writes what a complete search says of the open creation of a task's tenant at its vendor: that it found nothing, which
-- counts where the last one counted is `p_gap` ago; or, with `p_doubt`, that the list hides what the vendor confirmed. Returns
-- it; no row: another worker may have the task, or none is open.
create or replace function public.search_creation(
  p_task_id uuid, p_claim uuid, p_gap interval, p_doubt boolean default false
) returns setof public.provision_intents
language sql volatile set search_path = ''
as $$
  update public.provision_intents i
  set doubtful = i.doubtful or p_doubt,
    empty_searches = i.empty_searches + counted.is_new::integer,
    searched_at = case when counted.is_new then clock_timestamp() else i.searched_at end
  from smarteros.held_task(p_task_id, p_claim) held
  join public.provision_intents o on o.tenant_id = held.tenant_id and o.vendor = held.vendor and o.settled_at is null
  cross join lateral (
    select not p_doubt and (o.searched_at is null or o.searched_at <= clock_timestamp() - p_gap) as is_new
  ) counted
  where i.id = o.id
  returning i.*
$$;

revoke all on function public.search_creation(uuid, uuid, interval, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.search_creation(uuid, uuid, interval, boolean) to service_role;
