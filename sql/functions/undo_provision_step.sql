-- Says that what a cancelled run had made is gone again, and takes its id from the tenant. No row: the run had made
-- nothing there.
create or replace function public.undo_provision_step(p_run_id uuid, p_vendor text)
returns setof public.provision_steps
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
begin
  update public.provision_steps s
  set state = 'undone', updated_at = now()
  where s.run_id = p_run_id and s.vendor = p_vendor and s.created and s.state = 'succeeded'
  returning * into step;
  if not found then
    return;
  end if;
  perform smarteros.record_service_id(step.tenant_id, step.vendor, null);
  if p_vendor = 'n8n' then
    update public.n8n_webhooks w set removed_at = now()
    where w.tenant_id = step.tenant_id and w.registered_by = 'system' and w.removed_at is null;
  end if;
  return next step;
end
$$;

revoke all on function public.undo_provision_step(uuid, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.undo_provision_step(uuid, text) to service_role;
