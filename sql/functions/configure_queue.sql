-- Creates a queue or changes those of its settings that are given: {"max_running", "max_per_key", "max_per_tenant",
-- "max_per_worker", "lease", "slice", "max_attempts", "retry_pause", "max_retry_pause", "breaker_failures", "breaker_pause"}; null removes a cap.
create or replace function public.configure_queue(p_name text, p_settings jsonb default '{}') returns setof public.task_queues
language plpgsql volatile set search_path = ''
as $$
declare
  queue public.task_queues;
begin
  insert into public.task_queues (name) values (p_name) on conflict (name) do nothing;
  select q.* into queue from public.task_queues q where q.name = p_name for update;
  queue := jsonb_populate_record(queue, p_settings - '{name,paused_at,failures,open_until,claimed,created_at}'::text[]);
  return query
    update public.task_queues q
    set max_running = queue.max_running, max_per_key = queue.max_per_key, max_per_tenant = queue.max_per_tenant,
      max_per_worker = queue.max_per_worker, lease = queue.lease, slice = queue.slice,
      max_attempts = queue.max_attempts, retry_pause = queue.retry_pause, max_retry_pause = queue.max_retry_pause,
      breaker_failures = queue.breaker_failures, breaker_pause = queue.breaker_pause
    where q.name = p_name
    returning q.*;
end
$$;

revoke all on function public.configure_queue(text, jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.configure_queue(text, jsonb) to service_role;
