-- One row for each call of a tool, whatever its ending. By day from the start, so that retention drops whole partitions.
create table public.mcp_invocations (
  id uuid not null default gen_random_uuid(),
  user_id text not null,
  tool text not null,
  args text,
  result text,
  duration_ms integer not null,
  success boolean not null default true,
  created_at timestamptz not null default now(),
  recorded_by text not null default 'service',
  transport text,
  tenant_id uuid,
  code text,
  request_id text,
  trace_id text,
  redacted boolean not null default false,
  calls integer not null default 1,
  -- When the row was stored: rows that come late are found by it.
  recorded_at timestamptz not null default now(),

  primary key (id, created_at),
  constraint mcp_invocations_user_id_not_empty check (btrim(user_id) <> '' and char_length(user_id) <= 255),
  constraint mcp_invocations_tool_length check (char_length(tool) between 1 and 200),
  constraint mcp_invocations_args_size check (octet_length(args) <= 262144),
  constraint mcp_invocations_result_size check (octet_length(result) <= 262144),
  constraint mcp_invocations_duration_ms_not_negative check (duration_ms >= 0),
  constraint mcp_invocations_recorded_by_known check (recorded_by in ('service', 'self')),
  constraint mcp_invocations_transport_shape check (transport ~ '^[a-z][a-z0-9_-]{0,31}$'),
  constraint mcp_invocations_code_shape check (code ~ '^[a-z][a-z0-9_]{0,63}$'),
  constraint mcp_invocations_request_id_length check (char_length(request_id) between 1 and 200),
  constraint mcp_invocations_trace_id_shape check (trace_id ~ '^[0-9a-f]{32}$'),
  constraint mcp_invocations_calls_positive check (calls >= 1)
) partition by range (created_at);

create index mcp_invocations_user_newest_idx on public.mcp_invocations (user_id, created_at desc, id desc);
create index mcp_invocations_tenant_newest_idx on public.mcp_invocations (tenant_id, created_at desc, id desc)
  where tenant_id is not null;
create index mcp_invocations_recorded_idx on public.mcp_invocations using brin (recorded_at) with (pages_per_range = 16);
-- In order of time who called, for pages over everybody's calls and for the counting of one hour.
create index mcp_invocations_newest_idx on public.mcp_invocations (created_at desc, id desc);
-- The audit log found by any filter, kept as long as policy says and no longer, and sealed against who changes it.
create index mcp_invocations_tool_newest_idx on public.mcp_invocations (tool, created_at desc, id desc);
create index mcp_invocations_code_newest_idx on public.mcp_invocations (code, created_at desc, id desc)
  where code <> 'ok';
create index mcp_invocations_failed_newest_idx on public.mcp_invocations (created_at desc, id desc)
  where not success;
create index mcp_invocations_request_idx on public.mcp_invocations (request_id) where request_id is not null;

-- Catches what no day has a partition for, so that nothing is ever refused.
create table smarteros.mcp_invocations_default partition of public.mcp_invocations default;
alter table smarteros.mcp_invocations_default enable row level security;
alter table smarteros.mcp_invocations_default force row level security;

-- A copy of rows under way, from the default partition or from the days of a week, into a table that takes their place when
-- it is complete. At most one row.
create table smarteros.partition_move (
  one boolean primary key default true check (one),
  -- Null: all rows of the default partition.
  week timestamptz,
  started_at timestamptz not null default now(),
  copied_at timestamptz not null default '-infinity',
  copied_id uuid not null default '00000000-0000-0000-0000-000000000000'
);

-- A row that a destructive tool writes before it runs, with the id that its invocation will have. Without one: outcome
-- unknown.
create table public.mcp_intents (
  id uuid primary key default gen_random_uuid(),
  user_id text not null,
  tool text not null,
  tenant_id uuid,
  args text,
  request_id text,
  created_at timestamptz not null default now(),
  recorded_by text not null default 'service',

  constraint mcp_intents_user_id_not_empty check (btrim(user_id) <> '' and char_length(user_id) <= 255),
  constraint mcp_intents_tool_length check (char_length(tool) between 1 and 200),
  constraint mcp_intents_args_size check (octet_length(args) <= 262144),
  constraint mcp_intents_request_id_length check (char_length(request_id) between 1 and 200),
  constraint mcp_intents_recorded_by_known check (recorded_by in ('service', 'self'))
);

create index mcp_intents_user_newest_idx on public.mcp_intents (user_id, created_at desc, id desc);
create index mcp_intents_tenant_newest_idx on public.mcp_intents (tenant_id, created_at desc, id desc)
  where tenant_id is not null;
create index mcp_intents_newest_idx on public.mcp_intents (created_at desc, id desc);

-- Intents whose invocation has not arrived, so that no one compares two large tables to find the few without outcome.
create table public.mcp_open_intents (
  id uuid primary key references public.mcp_intents (id) on delete cascade,
  user_id text not null,
  recorded_by text not null default 'service'
);

-- Tools of the catalogs that hosts with the service role have loaded. A self-reported row may name only these.
create table smarteros.known_tools (
  name text primary key,
  seen_at timestamptz not null default now(),

  constraint known_tools_name_shape check (name ~ '^[a-z][a-z0-9]*\.[A-Za-z][A-Za-z0-9]*$' and char_length(name) <= 64)
);

-- Those of the first release, so that an installation without any such host knows them too.
insert into smarteros.known_tools (name) values
  ('alerts.addTarget'), ('alerts.deleteRule'), ('alerts.muteRule'), ('alerts.removeTarget'), ('alerts.saveRule'),
  ('alerts.testTarget'), ('analytics.summary'), ('audit.search'), ('fastapi.get'), ('fastapi.post'),
  ('health.announceMaintenance'), ('health.endMaintenance'), ('health.timeline'), ('n8n.register'), ('n8n.trigger'),
  ('services.cancel'), ('services.provision'), ('services.remove'), ('services.retry'), ('services.status'),
  ('tenants.create'), ('tenants.delete'), ('tenants.get'), ('tenants.handOver'), ('tenants.list'),
  ('tenants.restore'), ('tenants.updateServices');

-- Rows that each user has reported in the hour that began at hour_start.
create table smarteros.self_report_counts (
  user_id text primary key,
  hour_start timestamptz not null,
  rows integer not null
);
