-- What happened to a tenant, written in the transaction in which it happened: the outbox of the workflows.
create table public.tenant_events (
  id bigint generated always as identity primary key,
  type text not null,
  tenant_id uuid not null references public.tenants (id),
  payload jsonb not null default '{}',
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  processed_at timestamptz,
  last_error text,
  -- Until when a worker has it: if it dies, another takes the event up.
  claimed_until timestamptz,

  constraint tenant_events_type_shape check (type ~ '^[a-z_]+(\.[a-z_]+)+$'),
  constraint tenant_events_payload_object check (jsonb_typeof(payload) = 'object'),
  constraint tenant_events_attempts_not_negative check (attempts >= 0)
);

create index tenant_events_tenant_newest_idx on public.tenant_events (tenant_id, id desc);
create index tenant_events_unprocessed_idx on public.tenant_events (id) where processed_at is null;
