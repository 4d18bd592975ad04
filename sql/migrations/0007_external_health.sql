-- What the monitor saw of the services outside.
create table public.external_health (
  id uuid primary key default gen_random_uuid(),
  service text not null,
  status text not null,
  latency_ms integer,
  error_message text,
  metadata jsonb,
  created_at timestamptz not null default now(),

  constraint external_health_service_length check (char_length(service) between 1 and 100),
  constraint external_health_status_known check (status in ('ok', 'degraded', 'error')),
  constraint external_health_latency_ms_not_negative check (latency_ms >= 0),
  constraint external_health_error_message_length check (char_length(error_message) <= 4000),
  constraint external_health_metadata_object check (jsonb_typeof(metadata) = 'object')
);

create index external_health_service_newest_idx on public.external_health (service, created_at desc);

alter table public.external_health enable row level security;
alter table public.external_health force row level security;

create policy external_health_read_by_known_roles on public.external_health for select to authenticated
using ((select smarteros.can('read')));

revoke all on public.external_health from public, anon, authenticated, service_role;
grant select on public.external_health to authenticated, service_role;
grant insert on public.external_health to service_role;
