-- Marks a queued run as running, in a transaction of its own: the claim of its task must not lock it.
create or replace function public.start_provision_run(p_run_id uuid) returns void
language sql volatile set search_path = ''
as $$
  update public.provision_runs r set state = 'running', started_at = coalesce(r.started_at, now())
  where r.id = p_run_id and r.state = 'queued'
$$;

revoke all on function public.start_provision_run(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.start_provision_run(uuid) to service_role;
