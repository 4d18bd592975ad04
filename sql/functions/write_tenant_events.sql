create or replace function smarteros.write_tenant_events() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  actor constant jsonb := jsonb_build_object('actor', smarteros.subject());
begin
  -- A worker that listens opens the run immediately.
  perform pg_catalog.pg_notify('smarteros_tasks', 'tenant_events');
  if tg_op = 'INSERT' then
    insert into public.tenant_events (type, tenant_id, payload)
    values ('tenant.created', new.id, actor || jsonb_build_object('services', new.services_enabled));
    return null;
  end if;
  if new.services_enabled <> old.services_enabled then
    insert into public.tenant_events (type, tenant_id, payload)
    values (
      'tenant.services_changed',
      new.id,
      actor || jsonb_build_object('before', old.services_enabled, 'after', new.services_enabled)
    );
  end if;
  if new.active <> old.active then
    insert into public.tenant_events (type, tenant_id, payload)
    values (case when new.active then 'tenant.restored' else 'tenant.deleted' end, new.id, actor);
  end if;
  return null;
end
$$;

revoke all on function smarteros.write_tenant_events() from public, anon, authenticated, service_role;

create or replace trigger tenants_write_events after insert or update on public.tenants
for each row execute function smarteros.write_tenant_events();

alter function smarteros.write_tenant_events() owner to smarteros_fn;
