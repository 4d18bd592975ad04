-- Gives a running task back until a later time, because what it waits for is not there yet; it holds no slot until then, and
-- the attempt is not counted. No row: the token is not that of the last claim, or the attempt is over.
create or replace function public.postpone_task(p_id uuid, p_claim uuid, p_for interval, p_progress jsonb default null)
returns setof public.tasks
language sql volatile set search_path = ''
as $$
  update public.tasks t
  set state = case when t.cancel_requested_at is null then 'scheduled' else 'cancelled' end,
    finished_at = case when t.cancel_requested_at is null then null else clock_timestamp() end,
    run_at = clock_timestamp() + greatest(p_for, interval '0'), attempts = t.attempts - 1, lease_until = null, claim = null,
    progress = coalesce(p_progress, t.progress)
  where t.id = p_id and t.claim = p_claim and t.state = 'running'
  returning t.*
$$;

revoke all on function public.postpone_task(uuid, uuid, interval, jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.postpone_task(uuid, uuid, interval, jsonb) to service_role;
