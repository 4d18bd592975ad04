-- What happened to a tenant, written in the transaction in which it happened: the outbox of the workflows.
create table public.events (
  id bigint generated always as identity primary key,
  type text not null,
  tenant_id uuid not null references public.tenants (id),
  payload jsonb not null default '{}',
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  processed_at timestamptz,
  last_error text,

  constraint events_type_shape check (type ~ '^[a-z_]+(\.[a-z_]+)+$'),
  constraint events_payload_object check (jsonb_typeof(payload) = 'object'),
  constraint events_attempts_not_negative check (attempts >= 0)
);

create index events_tenant_newest_idx on public.events (tenant_id, id desc);
create index events_unprocessed_idx on public.events (id) where processed_at is null;

alter table public.events enable row level security;
alter table public.events force row level security;

-- The policy of tenants holds inside the subquery as well.
create policy events_read_by_tenant on public.events for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.can('admin'))
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

-- No owner to compare: a change made in the SQL editor has no token, and its event must be written all the same.
-- Only the trigger below writes as smarteros_fn, and nobody can call a trigger function.
create policy events_written_by_trigger on public.events for insert to smarteros_fn
with check (attempts = 0 and processed_at is null and last_error is null);

revoke all on public.events from public, anon, authenticated, service_role;
revoke all on sequence public.events_id_seq from public, anon, authenticated, service_role;
grant select on public.events to authenticated, service_role;
grant update (attempts, processed_at, last_error) on public.events to service_role;
grant insert (type, tenant_id, payload) on public.events to smarteros_fn;

create function smarteros.write_tenant_events() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  actor constant jsonb := jsonb_build_object('actor', smarteros.subject());
begin
  if tg_op = 'INSERT' then
    insert into public.events (type, tenant_id, payload)
    values ('tenant.created', new.id, actor || jsonb_build_object('services', new.services_enabled));
    return null;
  end if;
  if new.services_enabled <> old.services_enabled then
    insert into public.events (type, tenant_id, payload)
    values (
      'tenant.services_changed',
      new.id,
      actor || jsonb_build_object('before', old.services_enabled, 'after', new.services_enabled)
    );
  end if;
  if new.active <> old.active then
    insert into public.events (type, tenant_id, payload)
    values (case when new.active then 'tenant.restored' else 'tenant.deleted' end, new.id, actor);
  end if;
  return null;
end
$$;

create trigger tenants_write_events after insert or update on public.tenants
for each row execute function smarteros.write_tenant_events();

revoke all on function smarteros.write_tenant_events() from public, anon, authenticated, service_role;
grant create on schema smarteros to smarteros_fn;
alter function smarteros.write_tenant_events() owner to smarteros_fn;
revoke create on schema smarteros from smarteros_fn;
