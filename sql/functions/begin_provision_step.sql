-- Takes the lock of a tenant's vendor and counts an attempt; 23505 while another run holds it. No row: nothing is left
-- to do, or the service is held.
create or replace function public.begin_provision_step(p_run_id uuid, p_vendor text)
returns setof public.provision_steps
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
begin
  update public.provision_steps s
  set state = 'skipped', finished_at = now(), updated_at = now()
  where s.run_id = p_run_id and s.vendor = p_vendor and s.state in ('queued', 'running', 'waiting')
    and exists (
      select from public.provision_holds h
      where h.tenant_id = s.tenant_id and h.vendor = s.vendor and h.released_at is null
    );
  if found then
    perform smarteros.settle_provision_run(p_run_id);
    return;
  end if;
  update public.provision_steps s
  set state = 'running',
    attempts = s.attempts + 1,
    next_attempt_at = null,
    started_at = coalesce(s.started_at, now()),
    updated_at = now()
  where s.run_id = p_run_id and s.vendor = p_vendor and s.state in ('queued', 'running', 'waiting')
  returning * into step;
  if not found then
    return;
  end if;
  update public.provision_runs r
  set state = 'running', started_at = coalesce(r.started_at, now())
  where r.id = p_run_id and r.state = 'queued';
  return next step;
end
$$;

revoke all on function public.begin_provision_step(uuid, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.begin_provision_step(uuid, text) to service_role;
