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

-- What the monitor saw, counted by the day, so that a page over 90 days reads no million rows; incidents; and maintenance
-- windows, which count for nothing. Who is signed in may read all of it, through health_timeline: no tenant is in it.
create table smarteros.maintenance_windows (
  id uuid primary key default gen_random_uuid(),
  -- Null is every service.
  service text,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  ended_by text,

  constraint maintenance_windows_service_length check (char_length(service) between 1 and 100),
  constraint maintenance_windows_ends_after_start check (ends_at >= starts_at),
  constraint maintenance_windows_length check (ends_at - starts_at <= interval '30 days'),
  constraint maintenance_windows_reason_given check (char_length(btrim(reason)) between 1 and 500)
);

create table smarteros.health_days (
  service text not null,
  -- The beginning of a day of UTC.
  ts timestamptz not null,
  ok integer not null,
  degraded integer not null,
  error integer not null,
  -- Seen during maintenance, and in none of the other counts.
  excluded integer not null,
  -- Latencies of good answers, in the bins of smarteros.latency_bin.
  bins smallint[] not null,
  counts integer[] not null,
  p50 integer,
  p95 integer,
  p99 integer,

  primary key (service, ts)
);

-- Days of which rows have come since they were counted.
create table smarteros.health_uncounted (
  service text not null,
  ts timestamptz not null,
  marked_at timestamptz not null default now(),

  primary key (service, ts)
);

create table smarteros.health_incidents (
  id uuid primary key default gen_random_uuid(),
  service text not null,
  -- From the first failure in the row to the first success in the row that ended it.
  started_at timestamptz not null,
  ended_at timestamptz,
  failures integer not null,
  reason text not null
);

create index health_incidents_newest_idx on smarteros.health_incidents (started_at desc);
create unique index health_incidents_open_key on smarteros.health_incidents (service) where ended_at is null;

-- How far the rows of a service were followed, and what they said last.
create table smarteros.health_states (
  service text primary key,
  seen_until timestamptz not null default '-infinity',
  incident_id uuid references smarteros.health_incidents (id),
  failures integer not null default 0,
  successes integer not null default 0,
  failing_since timestamptz,
  well_since timestamptz,
  reason text
);
