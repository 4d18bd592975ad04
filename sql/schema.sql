-- Generated from sql/ by `npm run generate`; not edited by hand. For the SQL editor of a new project.
begin;
do $$
begin
  if current_setting('server_version_num')::integer < 160000 then
    raise exception 'Postgres 16 or newer is needed; this server is %. In the Supabase dashboard: Project Settings, Infrastructure, Upgrade project',
      current_setting('server_version');
  end if;
end
$$;

create schema if not exists smarteros;

create table if not exists smarteros.migrations (
  version text primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
);

alter table smarteros.migrations enable row level security;
revoke all on smarteros.migrations from public;

-- Views, functions and policies as they were applied last, by their file.
create table if not exists smarteros.definitions (
  name text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
);

alter table smarteros.definitions enable row level security;
revoke all on smarteros.definitions from public;

-- 0001_foundation
-- Never among the exposed schemas: helpers, partitions, the records of what is applied.
create schema if not exists smarteros;
revoke all on schema smarteros from public, anon;

-- Owns the functions that write. `force row level security` binds the owner of a security definer function too; this role
-- bypasses nothing and has policies of its own. Roles belong to the cluster, so it may exist already.
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'smarteros_fn') then
    create role smarteros_fn nologin noinherit nobypassrls;
  end if;
  if not pg_catalog.pg_has_role(current_user, 'smarteros_fn', 'set') then
    execute pg_catalog.format('grant smarteros_fn to %I with inherit false, set true', current_user);
  end if;
end
$$;

grant usage on schema public to smarteros_fn;
grant usage on schema smarteros to authenticated, service_role, smarteros_fn;

-- Settings that SQL enforces as well, as JSON by name. Written by `configure`; an absent name has its default.
create table smarteros.settings (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

-- 0002_text_rules
-- Chilean tax id in its stored form `76086428-5`: body 1,000,000 to 99,999,999, then the modulo 11 check digit.
create function smarteros.rut_ok(p_rut text) returns boolean
language sql immutable parallel safe set search_path = ''
as $$
  select case when p_rut ~ '^[1-9][0-9]{6,7}-[0-9K]$' then (
    select split_part(p_rut, '-', 2) = case 11 - sum(substr(body, place, 1)::integer * (2 + (place - 1) % 6)) % 11
        when 11 then '0'
        when 10 then 'K'
        else (11 - sum(substr(body, place, 1)::integer * (2 + (place - 1) % 6)) % 11)::text
      end
    from (select reverse(split_part(p_rut, '-', 1)) as body) reversed, generate_series(1, length(body)) place
  ) else false end
$$;

revoke all on function smarteros.rut_ok(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.rut_ok(text) to service_role, smarteros_fn;

-- The white space that String.prototype.trim takes away, so that both sides agree what "trimmed" is. Without `set
-- search_path`, here and wherever a query calls a function for each row: it would keep the planner from opening it.
create function smarteros.trimmed(p_text text) returns text
language sql immutable parallel safe
as $$
  select btrim(p_text, U&'\0009\000A\000B\000C\000D\0020\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000\FEFF')
$$;

revoke all on function smarteros.trimmed(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.trimmed(text) to authenticated, service_role, smarteros_fn;

-- Controls, line separators and the marks that turn the direction of text: a name that shows as another name.
create function smarteros.printable(p_text text) returns boolean
language sql immutable parallel safe set search_path = ''
as $$ select p_text !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]' $$;

revoke all on function smarteros.printable(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.printable(text) to service_role, smarteros_fn;

-- 0003_tenants
create table public.tenants (
  id uuid primary key default gen_random_uuid(),
  rut text not null,
  business_name text not null,
  clerk_user_id text not null,
  services_enabled jsonb not null default '{"crm": false, "bot": false, "erp": false, "workflows": false, "kpi": false}',
  chatwoot_inbox_id integer,
  botpress_workspace_id text,
  odoo_company_id integer,
  n8n_project_id text,
  metabase_dashboard_id text,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,

  constraint tenants_rut_valid check (smarteros.rut_ok(rut)),
  constraint tenants_business_name_trimmed check (business_name = smarteros.trimmed(business_name)),
  constraint tenants_business_name_length check (char_length(business_name) between 2 and 120),
  constraint tenants_business_name_printable check (smarteros.printable(business_name)),
  constraint tenants_owner_not_empty check (btrim(clerk_user_id) <> '' and char_length(clerk_user_id) <= 255),
  constraint tenants_services_enabled_known_flags check (
    case when jsonb_typeof(services_enabled) = 'object'
      then services_enabled - '{crm,bot,erp,workflows,kpi}'::text[] = '{}'
      else false
    end
  ),
  -- Arrays compare an absent flag as different; `= 'boolean'` alone would be null, and null passes a check.
  constraint tenants_services_enabled_boolean_flags check (
    array[
      jsonb_typeof(services_enabled -> 'crm'),
      jsonb_typeof(services_enabled -> 'bot'),
      jsonb_typeof(services_enabled -> 'erp'),
      jsonb_typeof(services_enabled -> 'workflows'),
      jsonb_typeof(services_enabled -> 'kpi')
    ] = '{boolean,boolean,boolean,boolean,boolean}'::text[]
  ),
  constraint tenants_chatwoot_inbox_id_positive check (chatwoot_inbox_id > 0),
  constraint tenants_odoo_company_id_positive check (odoo_company_id > 0),
  constraint tenants_botpress_workspace_id_shape check (botpress_workspace_id ~ '^(bot|workspace):[!-~]{1,200}$'),
  constraint tenants_n8n_project_id_shape check (n8n_project_id ~ '^(tag|project):[!-~]{1,200}$'),
  constraint tenants_metabase_dashboard_id_shape check (metabase_dashboard_id ~ '^[!-~]{1,200}$'),
  constraint tenants_active_until_deleted check (active = (deleted_at is null))
);

-- An agency and the business itself may both hold a RUT; one owner holds it once.
create unique index tenants_owner_rut_active_key on public.tenants (clerk_user_id, rut) where active;
create index tenants_owner_newest_idx on public.tenants (clerk_user_id, created_at desc, id desc);
create index tenants_newest_idx on public.tenants (created_at desc, id desc);

-- 0004_tenant_events
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

-- 0005_invocations
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

-- 0006_retention
-- What must be kept beyond the policy, by whom or about whom; written by the service, ended by setting released_at.
create table public.legal_holds (
  id uuid primary key default gen_random_uuid(),
  user_id text,
  tenant_id uuid,
  reason text not null,
  created_at timestamptz not null default now(),
  released_at timestamptz,

  constraint legal_holds_user_or_tenant check ((user_id is null) <> (tenant_id is null)),
  constraint legal_holds_user_id_not_empty check (btrim(user_id) <> '' and char_length(user_id) <= 255),
  constraint legal_holds_reason_given check (char_length(btrim(reason)) between 1 and 1000)
);

-- Rows under a hold whose partition is gone. A column that the log gains, this table must gain as well.
create table public.mcp_held_invocations (like public.mcp_invocations including all);

-- Rows of earlier days are gone by policy, as against by someone's hand. One row.
create table smarteros.retention (
  one boolean primary key default true check (one),
  kept_from date not null
);

-- A hash over the rows of each hour by the time they arrived, chained to the one before. Who has the latest hash from
-- elsewhere, such as a log, sees by it that no seal was changed and none cut off.
create table smarteros.audit_seals (
  hour timestamptz primary key,
  -- [day of created_at, rows, hash of those rows] for each day: the rows of some may be gone by policy before others.
  parts jsonb not null,
  previous text not null,
  hash text not null,
  sealed_at timestamptz not null default now()
);

-- 0007_call_rollups
create table public.call_rollups (
  resolution text not null,
  -- Whose calls: everybody's, one user's, those about one tenant.
  scope text not null,
  scope_key text not null default '',
  ts timestamptz not null,
  -- '' is all tools together.
  tool text not null,
  -- Calls that were not turned away by the limit; those that were stand in `limited` alone.
  calls bigint not null,
  errors bigint not null,
  limited bigint not null,
  bins smallint[] not null,
  counts integer[] not null,

  primary key (resolution, scope, scope_key, tool, ts),
  constraint call_rollups_resolution_known check (resolution in ('hour', 'day', 'week')),
  constraint call_rollups_scope_known check (scope in ('all', 'user', 'tenant', 'self', 'self_tenant')),
  constraint call_rollups_scope_key_given check (
    case scope when 'all' then scope_key = '' when 'self' then true else scope_key <> '' end
  ),
  constraint call_rollups_bins_counted check (cardinality(bins) = cardinality(counts))
);

-- For sums over everybody's users or tenants, without their bins.
create index call_rollups_sums_idx on public.call_rollups (resolution, scope, tool, ts) include (scope_key, calls, errors, limited);
create index call_rollups_ts_idx on public.call_rollups using brin (ts) with (pages_per_range = 16);

-- How far the counting has come. One row.
create table smarteros.rollup_progress (
  one boolean primary key default true check (one),
  -- Hours before this one are counted.
  hours_until timestamptz not null,
  -- Rows that arrived before this moment are accounted for.
  recorded_until timestamptz not null,
  days_until timestamptz not null,
  weeks_until timestamptz not null,
  -- Calls that arrived in the five minutes before recorded_until, counted by the hour (seconds since 1970).
  recorded_latest jsonb not null default '{}'
);

-- What is due to be counted, or counted again. A day is counted in parts, and `part` and `after_key` say which is next.
create table smarteros.rollup_work (
  resolution text not null,
  ts timestamptz not null,
  part text not null default 'all',
  after_key text not null default '',

  primary key (resolution, ts),
  constraint rollup_work_resolution_known check (resolution in ('hour', 'day', 'week')),
  constraint rollup_work_part_known check (part in ('all', 'user', 'tenant'))
);

-- A time cut into what is read from where, in this order: calls, hours, days, weeks, days, hours, calls.
create type smarteros.time_cut as (
  hours_from timestamptz,
  days_from timestamptz,
  weeks_from timestamptz,
  weeks_to timestamptz,
  days_to timestamptz,
  hours_to timestamptz
);

-- 0008_health
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

-- 0009_provisioning
-- What was asked for a tenant's services, how each vendor's part of it goes, and who works on it.
create table public.provision_runs (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  requested_by text not null,
  event_id bigint references public.tenant_events (id),
  request_id text,
  state text not null default 'queued',
  created_at timestamptz not null default now(),
  started_at timestamptz,
  cancelled_at timestamptz,
  finished_at timestamptz,

  constraint provision_runs_requested_by_length check (char_length(requested_by) between 1 and 255),
  constraint provision_runs_request_id_length check (char_length(request_id) between 1 and 200),
  constraint provision_runs_state_known
    check (state in ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled')),
  constraint provision_runs_finished_when_over check ((finished_at is null) = (state in ('queued', 'running')))
);

create unique index provision_runs_event_key on public.provision_runs (event_id) where event_id is not null;
create index provision_runs_newest_idx on public.provision_runs (created_at desc, id desc);
create index provision_runs_tenant_newest_idx on public.provision_runs (tenant_id, created_at desc, id desc);
create index provision_runs_open_idx on public.provision_runs (tenant_id) where finished_at is null;

create table public.provision_steps (
  id uuid primary key default gen_random_uuid(),
  run_id uuid not null references public.provision_runs (id) on delete cascade,
  tenant_id uuid not null references public.tenants (id),
  vendor text not null,
  action text not null,
  state text not null default 'queued',
  attempts integer not null default 0,
  external_id text,
  -- Whether this very run made the resource: only then may it be undone by it.
  created boolean not null default false,
  -- What else at the vendor carries the tenant's id: reported, and left to a person.
  duplicates text[] not null default '{}',
  error_kind text,
  error_message text,
  remedy text,
  next_attempt_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now(),

  constraint provision_steps_run_vendor_key unique (run_id, vendor),
  constraint provision_steps_vendor_known check (vendor in ('chatwoot', 'botpress', 'odoo', 'n8n', 'metabase')),
  constraint provision_steps_action_known check (action in ('provision', 'disable', 'remove')),
  constraint provision_steps_state_known check (
    state in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped', 'unsupported', 'undone')
  ),
  constraint provision_steps_attempts_not_negative check (attempts >= 0),
  constraint provision_steps_external_id_length check (char_length(external_id) between 1 and 255),
  constraint provision_steps_error_kind_known check (
    error_kind in ('auth', 'forbidden', 'licence', 'not_found', 'conflict', 'validation', 'rate_limited',
      'unavailable', 'quota', 'unknown')
  ),
  constraint provision_steps_error_message_length check (char_length(error_message) <= 500),
  constraint provision_steps_remedy_shape check (remedy ~ '^[a-z][a-z0-9_]{0,63}$')
);

create index provision_steps_tenant_idx on public.provision_steps (tenant_id, vendor, updated_at desc);
-- The lock: one vendor of one tenant is worked on by one run at a time.
create unique index provision_steps_one_at_a_time_key on public.provision_steps (tenant_id, vendor)
  where state = 'running';
create index provision_steps_finished_idx on public.provision_steps (finished_at) where finished_at is not null;

-- The workflows of a tenant that may be triggered.
create table public.n8n_webhooks (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  workflow text not null,
  path text not null,
  registered_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- When its workflow was removed at the vendor; it is not called any more.
  removed_at timestamptz,

  constraint n8n_webhooks_tenant_workflow_key unique (tenant_id, workflow),
  constraint n8n_webhooks_workflow_shape check (workflow ~ '^[a-z][a-z0-9-]{0,63}$'),
  -- One path below /webhook/, with nothing that leads elsewhere.
  constraint n8n_webhooks_path_shape check (path ~ '^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$' and char_length(path) <= 200),
  constraint n8n_webhooks_registered_by_length check (char_length(registered_by) between 1 and 255)
);

-- A webhook is one tenant's.
create unique index n8n_webhooks_path_key on public.n8n_webhooks (path) where removed_at is null;

-- Where what is recorded of a tenant and what its vendor has are apart, as the last comparison saw it.
create table public.provision_drift (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  vendor text not null,
  kind text not null,
  external_id text not null,
  -- As the vendor has it now; what it is called there is anybody's text.
  seen_name text,
  found_at timestamptz not null default now(),
  -- When they were seen to agree again.
  resolved_at timestamptz,

  constraint provision_drift_tenant_vendor_key unique (tenant_id, vendor),
  constraint provision_drift_vendor_known check (vendor in ('chatwoot', 'botpress', 'odoo', 'n8n', 'metabase')),
  constraint provision_drift_kind_known check (kind in ('missing', 'foreign', 'disabled', 'incomplete', 'renamed')),
  constraint provision_drift_external_id_length check (char_length(external_id) between 1 and 255),
  constraint provision_drift_seen_name_length check (char_length(seen_name) <= 255)
);

-- Processes that work on runs, and when they were last heard of.
create table public.provision_workers (
  id text primary key,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  -- When another worker took over what this one had left.
  recovered_at timestamptz,

  constraint provision_workers_id_length check (char_length(id) between 1 and 200)
);

-- 0010_alerts
-- Alerts: what is watched beside the monitor's own rules, whom they tell, what is open, and an outbox of what is on its
-- way. Addresses with their secrets go in and never come out again but to the service that dials them.
create table public.alert_rules (
  id text primary key,
  -- As `@smarteros/observability/alerts` defines a rule; the console and the monitor check it whole.
  definition jsonb not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),

  constraint alert_rules_id_shape check (id ~ '^[a-z][a-z0-9-]{0,63}$'),
  constraint alert_rules_definition_is_of_it check (
    jsonb_typeof(definition) = 'object' and definition ->> 'id' = id and octet_length(definition::text) <= 8000
  ),
  constraint alert_rules_kind_known check (
    coalesce(definition ->> 'kind', '') in ('errors', 'latency', 'probe', 'provisioning', 'audit-drops', 'silence')
  )
);

-- By rule, whether it stands in the monitor's file or in alert_rules.
create table public.alert_mutes (
  rule text primary key,
  until timestamptz not null,
  muted_by text not null,

  constraint alert_mutes_rule_shape check (rule ~ '^[a-z][a-z0-9-]{0,63}$')
);

create table public.alert_targets (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  kind text not null,
  -- What may be shown of where it leads: a host, or an address of mail.
  address text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  removed_at timestamptz,

  constraint alert_targets_name_length check (char_length(btrim(name)) between 1 and 120),
  constraint alert_targets_kind_known check (kind in ('slack', 'email', 'webhook')),
  constraint alert_targets_address_length check (char_length(address) between 1 and 320)
);

create unique index alert_targets_name_key on public.alert_targets (name) where removed_at is null;

create table smarteros.alert_target_secrets (
  target_id uuid primary key references public.alert_targets (id),
  settings jsonb not null,

  constraint alert_target_secrets_object check (
    jsonb_typeof(settings) = 'object' and octet_length(settings::text) <= 8000
  )
);

create table public.alert_incidents (
  id text primary key,
  alert_group text not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  -- What was failing when it was last seen open: [{rule, subject, why}].
  subjects jsonb not null,

  constraint alert_incidents_subjects_array check (jsonb_typeof(subjects) = 'array')
);

create index alert_incidents_newest_idx on public.alert_incidents (opened_at desc, id desc);

-- What the engine remembers between passes, and the rules of the monitor's file; the version lets one of two monitors win.
create table public.alert_states (
  id text primary key,
  version bigint not null,
  state jsonb not null,
  rules jsonb not null,
  at timestamptz not null default now()
);

create table public.alert_deliveries (
  id uuid primary key default gen_random_uuid(),
  notification text not null,
  target_id uuid not null references public.alert_targets (id),
  kind text not null,
  payload jsonb not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  -- Until then no one takes it up: it is being delivered, or waits for another try.
  next_attempt_at timestamptz not null default now(),
  last_status integer,
  last_error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,

  -- A restart, or a second monitor, tells no one twice.
  constraint alert_deliveries_notification_target_key unique (notification, target_id),
  constraint alert_deliveries_kind_known
    check (kind in ('opened', 'changed', 'reminder', 'resolved', 'gap', 'test')),
  constraint alert_deliveries_state_known check (state in ('pending', 'delivered', 'failed')),
  constraint alert_deliveries_finished_when_over check ((finished_at is null) = (state = 'pending')),
  constraint alert_deliveries_last_error_length check (char_length(last_error) <= 300)
);

create index alert_deliveries_due_idx on public.alert_deliveries (next_attempt_at) where state = 'pending';
create index alert_deliveries_newest_idx on public.alert_deliveries (created_at desc, id desc);

-- 0011_adoption
-- What a database of 0.2 brought along and is not settled yet.

-- Rows of its table `tenants` that break a rule of today's, whole, with the names of the constraints that they break.
-- `proposal` has the columns as far as they could be brought into today's form.
create table public.tenants_in_review (
  id uuid primary key,
  clerk_user_id text,
  row jsonb not null,
  proposal jsonb not null,
  reasons text[] not null,
  created_at timestamptz not null,
  moved_at timestamptz not null default now()
);
create index tenants_in_review_owner_newest_idx on public.tenants_in_review (clerk_user_id, created_at desc, id desc);
create index tenants_in_review_newest_idx on public.tenants_in_review (created_at desc, id desc);

-- Services of tenants that no run may touch until one at the vendor is adopted or a person asks for a new one.
create table public.provision_holds (
  tenant_id uuid not null references public.tenants (id),
  vendor text not null,
  since timestamptz not null default now(),
  released_at timestamptz,

  primary key (tenant_id, vendor),
  constraint provision_holds_vendor_known check (vendor in ('chatwoot', 'botpress', 'odoo', 'n8n', 'metabase'))
);

-- Rows of its audit log and probes that break a rule, whole.
create table smarteros.rows_in_review (
  source text not null,
  row jsonb not null,
  reasons text[] not null,
  moved_at timestamptz not null default now(),

  constraint rows_in_review_source_known check (source in ('mcp_invocations', 'external_health'))
);

-- When the database was taken over, what was found, and the statements that give back what the tables had. One row.
create table smarteros.adoption (
  one boolean primary key default true check (one),
  adopted_at timestamptz not null default now(),
  report jsonb not null,
  undo jsonb not null
);

-- Rows as they were that were changed to fit: another spelling of a RUT, flags that were missing.
create table smarteros.adopted_rows (
  id uuid primary key,
  row jsonb not null
);

-- Those of this release, until a host with the service role registers its catalog.
insert into smarteros.known_tools (name) values ('services.adopt'), ('tenants.resolve') on conflict (name) do nothing;

-- 0012_alert_channels
-- The channels of targets are listed by the code that sends to them (packages/alerts/src/channels); a new one needs no
-- migration. The settings of a target are validated there before they are stored, and again before a message is sent.
alter table public.alert_targets drop constraint alert_targets_kind_known;
alter table public.alert_targets
  add constraint alert_targets_kind_well_formed check (kind ~ '^[a-z][a-z0-9-]{0,31}$');

-- 0013_vendors
-- Vendors of services, so that a new one is one row and no new column of `tenants`.
create table public.provision_vendors (
  vendor text primary key,
  -- Key of `tenants.services_enabled` that turns the service on.
  flag text not null,

  constraint provision_vendors_vendor_shape check (vendor ~ '^[a-z][a-z0-9]{0,31}$'),
  constraint provision_vendors_flag_shape check (flag ~ '^[a-z][a-z0-9_]{0,31}$'),
  constraint provision_vendors_flag_key unique (flag)
);
insert into public.provision_vendors (vendor, flag) values
  ('chatwoot', 'crm'), ('botpress', 'bot'), ('odoo', 'erp'), ('n8n', 'workflows'), ('metabase', 'kpi');

-- Ids of a tenant at the vendors that have no column in `tenants`.
create table public.tenant_service_ids (
  tenant_id uuid not null references public.tenants (id),
  vendor text not null references public.provision_vendors (vendor),
  -- Null after the service was removed.
  external_id text,

  primary key (tenant_id, vendor),
  constraint tenant_service_ids_external_id_shape check (external_id ~ '^[!-~]{1,255}$')
);
create index tenant_service_ids_external_id_idx on public.tenant_service_ids (vendor, external_id);

alter table public.provision_steps
  drop constraint provision_steps_vendor_known,
  add constraint provision_steps_vendor_known foreign key (vendor) references public.provision_vendors (vendor);
alter table public.provision_drift
  drop constraint provision_drift_vendor_known,
  add constraint provision_drift_vendor_known foreign key (vendor) references public.provision_vendors (vendor);
alter table public.provision_holds
  drop constraint provision_holds_vendor_known,
  add constraint provision_holds_vendor_known foreign key (vendor) references public.provision_vendors (vendor);

-- Adds a vendor. Defined here and not in sql/functions, because later migrations call it: the migration of a new vendor is one
-- call. Its flag is false for every tenant, which is no change
-- that a person requested and therefore no event.
create function smarteros.add_vendor(p_vendor text, p_flag text) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  flags text[];
begin
  insert into public.provision_vendors (vendor, flag) values (p_vendor, p_flag);
  flags := array(select v.flag from public.provision_vendors v order by v.flag);
  alter table public.tenants
    drop constraint tenants_services_enabled_known_flags,
    drop constraint tenants_services_enabled_boolean_flags,
    disable trigger user;
  update public.tenants t set services_enabled = t.services_enabled || jsonb_build_object(p_flag, false)
  where not t.services_enabled ? p_flag;
  alter table public.tenants enable trigger user;
  execute format(
    'alter table public.tenants
       alter column services_enabled set default %L,
       add constraint tenants_services_enabled_known_flags check (
         case when jsonb_typeof(services_enabled) = ''object'' then services_enabled - %L::text[] = ''{}'' else false end
       ),
       add constraint tenants_services_enabled_boolean_flags check (array[%s] = %L::text[])',
    (select jsonb_object_agg(flag, false) from unnest(flags) flag),
    flags,
    (select string_agg(format('jsonb_typeof(services_enabled -> %L)', flag), ', ') from unnest(flags) flag),
    array_fill('boolean'::text, array[cardinality(flags)])
  );
end
$$;
revoke all on function smarteros.add_vendor(text, text) from public, anon, authenticated, service_role, smarteros_fn;

-- 0014_tasks
-- Work that is done later, by any worker that has the queue. The row of a task alone decides its state, its attempts and
-- its next time.
create table public.task_queues (
  name text primary key,
  -- While set, nothing of the queue is claimed.
  paused_at timestamptz,
  -- Caps on concurrent tasks; null is no cap.
  max_running integer not null default 10,
  max_per_key integer,
  max_per_tenant integer,
  max_per_worker integer,
  lease interval not null default '60 seconds',
  -- How much later a task is due for each task of its key that is open already.
  slice interval not null default '2 seconds',
  -- The circuit breaker opens after so many failures in a row that its handler blames on the other side.
  breaker_failures integer not null default 5,
  breaker_pause interval not null default '30 seconds',
  failures integer not null default 0,
  open_until timestamptz,
  -- Tasks claimed so far; each fourth is chosen by priority.
  claimed bigint not null default 0,
  created_at timestamptz not null default now(),

  constraint task_queues_name_shape check (name ~ '^[a-z][a-z0-9_.-]{0,62}$'),
  constraint task_queues_caps_positive check (max_running > 0 and max_per_key > 0 and max_per_tenant > 0 and max_per_worker > 0),
  constraint task_queues_lease_range check (lease between interval '1 second' and interval '1 day'),
  constraint task_queues_slice_range check (slice between interval '0' and interval '1 hour'),
  constraint task_queues_breaker_positive check (breaker_failures > 0 and breaker_pause > interval '0')
);

create table public.tasks (
  id uuid primary key default gen_random_uuid(),
  queue text not null references public.task_queues (name),
  kind text not null,
  tenant_id uuid references public.tenants (id),
  -- Keys share a queue fairly: the owner of the tenant, else the requester.
  fair_key text not null,
  -- 0 urgent, 1 high, 2 normal, 3 low.
  priority smallint not null default 2,
  payload jsonb not null default '{}',
  state text not null default 'scheduled',
  -- Not before; for a failed attempt the time of the next one.
  run_at timestamptz not null default now(),
  -- Place in the queue, written whenever the task enters it.
  due_at timestamptz,
  deadline_at timestamptz,
  attempts smallint not null default 0,
  max_attempts smallint not null default 5,
  -- One claim is one attempt and one token, which every write of the worker has to show.
  claim uuid,
  claimed_by text,
  claimed_at timestamptz,
  lease_until timestamptz,
  cancel_requested_at timestamptz,
  dedupe_key text,
  progress jsonb,
  result jsonb,
  error jsonb,
  parent_id uuid,
  requested_by text not null,
  traceparent text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,

  constraint tasks_kind_shape check (kind ~ '^[a-z][A-Za-z0-9_.-]{0,62}$'),
  constraint tasks_fair_key_length check (char_length(fair_key) between 1 and 255),
  constraint tasks_priority_known check (priority between 0 and 3),
  constraint tasks_state_known
    check (state in ('scheduled', 'queued', 'running', 'succeeded', 'dead', 'cancelled', 'expired')),
  constraint tasks_due_when_queued check ((due_at is not null) or state <> 'queued'),
  constraint tasks_leased_when_running check ((lease_until is not null) = (state = 'running')),
  constraint tasks_finished_when_over
    check ((finished_at is not null) = (state in ('succeeded', 'dead', 'cancelled', 'expired'))),
  constraint tasks_attempts_range check (attempts >= 0 and max_attempts between 1 and 100),
  constraint tasks_dedupe_key_length check (char_length(dedupe_key) between 1 and 255),
  constraint tasks_requested_by_length check (char_length(requested_by) between 1 and 255),
  constraint tasks_claimed_by_length check (char_length(claimed_by) between 1 and 200),
  constraint tasks_traceparent_shape check (traceparent ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'),
  constraint tasks_payload_size check (pg_column_size(payload) <= 262144)
);

create unique index tasks_dedupe_key on public.tasks (queue, dedupe_key)
  where dedupe_key is not null and state in ('scheduled', 'queued', 'running');
create index tasks_line_idx on public.tasks (queue, fair_key, priority, due_at, id) where state = 'queued';
create index tasks_scheduled_idx on public.tasks (queue, run_at) where state = 'scheduled';
create index tasks_running_idx on public.tasks (queue, fair_key) where state = 'running';
create index tasks_lease_idx on public.tasks (queue, lease_until) where state = 'running';
create index tasks_deadline_idx on public.tasks (queue, deadline_at)
  where deadline_at is not null and state in ('scheduled', 'queued');
create index tasks_tenant_newest_idx on public.tasks (tenant_id, created_at desc, id desc) where tenant_id is not null;
create index tasks_finished_idx on public.tasks (finished_at) where finished_at is not null;

-- The line of each key and priority in a queue: how many of its tasks wait, and when the first is due. With it a claim
-- looks at as many rows as it takes, however many tasks wait and which keys have reached a cap.
create table public.task_lines (
  queue text not null references public.task_queues (name),
  fair_key text not null,
  priority smallint not null,
  waiting integer not null,
  head_due_at timestamptz not null,

  primary key (queue, fair_key, priority),
  constraint task_lines_waiting_positive check (waiting > 0)
);
create index task_lines_due_idx on public.task_lines (queue, head_due_at);
create index task_lines_priority_idx on public.task_lines (queue, priority, head_due_at);

-- 0015_provision_tasks
-- Steps of runs are tasks of a queue for each vendor. The row of the task decides the state of its step, which
-- smarteros.follow_task writes in the transaction of the task.
alter table public.task_queues
  add column max_attempts smallint not null default 5,
  -- Pause after the first failure, which doubles with each, and the longest one.
  add column retry_pause interval not null default '2 seconds',
  add column max_retry_pause interval not null default '1 hour',
  add constraint task_queues_attempts_range check (max_attempts between 1 and 100),
  add constraint task_queues_pauses_range check (retry_pause > interval '0' and max_retry_pause >= retry_pause);

alter table public.provision_steps add column task_id uuid references public.tasks (id) on delete set null;
create unique index provision_steps_task_key on public.provision_steps (task_id) where task_id is not null;
-- The queue of a vendor runs one task of a tenant at a time.
drop index public.provision_steps_one_at_a_time_key;

-- A creation at a vendor that was sent or may have been. It ends by evidence; while it is open, nothing else is created for
-- the tenant at the vendor.
create table public.provision_intents (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  vendor text not null references public.provision_vendors (vendor),
  -- The attempt that sent it.
  task_id uuid references public.tasks (id) on delete set null,
  -- When a request was last about to be sent.
  opened_at timestamptz not null default clock_timestamp(),
  -- Complete searches in a row since then that found nothing, and when the last of them was counted.
  empty_searches integer not null default 0,
  searched_at timestamptz,
  -- The vendor's list did not show what the vendor had confirmed: searches cannot settle this.
  doubtful boolean not null default false,
  settled_at timestamptz,
  settled_as text,
  -- The user who decided it, where no evidence did.
  settled_by text,

  constraint provision_intents_settled_as_known check (settled_as in ('created', 'refused', 'found', 'absent', 'person')),
  constraint provision_intents_settled_whole check ((settled_at is null) = (settled_as is null)),
  constraint provision_intents_settled_by_length check (char_length(settled_by) between 1 and 255)
);
create unique index provision_intents_open_key on public.provision_intents (tenant_id, vendor) where settled_at is null;
create index provision_intents_task_idx on public.provision_intents (task_id) where task_id is not null;

-- The lease of a task takes the place of taking over from a silent worker.
alter table public.provision_workers drop column recovered_at;

insert into public.task_queues (name, max_running, max_per_tenant, lease, max_retry_pause)
select v.vendor, 8, 1, interval '20 seconds', interval '2 minutes' from public.provision_vendors v
on conflict (name) do nothing;
-- Work whose requester waits for the result: nothing of it is tried again later.
insert into public.task_queues (name, max_running, max_attempts, lease)
values ('requests', 32, 1, interval '20 seconds')
on conflict (name) do nothing;

-- Open steps of the engine before go on as tasks. A step that was running may have reached its vendor.
do $$
declare
  step record;
  task uuid;
begin
  for step in
    select s.*, r.requested_by, t.clerk_user_id
    from public.provision_steps s
    join public.provision_runs r on r.id = s.run_id
    join public.tenants t on t.id = s.tenant_id
    where s.state in ('queued', 'running', 'waiting')
    order by s.updated_at
  loop
    insert into public.tasks (queue, kind, tenant_id, fair_key, payload, requested_by)
    values (step.vendor, step.action, step.tenant_id, step.clerk_user_id, jsonb_build_object('run_id', step.run_id),
      step.requested_by)
    returning id into task;
    update public.provision_steps s set task_id = task, state = 'queued' where s.id = step.id;
    if step.state = 'running' and step.action = 'provision' then
      insert into public.provision_intents (tenant_id, vendor, task_id) values (step.tenant_id, step.vendor, task);
    end if;
  end loop;
end
$$;

drop function if exists public.begin_provision_step(uuid, text);
drop function if exists public.end_provision_step(uuid, text, text, text, boolean, text[], text, text, text, timestamptz, jsonb);
drop function if exists public.undo_provision_step(uuid, text);
drop function if exists public.open_provision_run(uuid, jsonb, text, bigint, text);

-- 0016_requests
-- Open requests of one user, and what workflows returned that no one has taken.
create index tasks_open_requests_idx on public.tasks (requested_by)
  where queue = 'requests' and state in ('scheduled', 'queued', 'running');
create index tasks_untaken_idx on public.tasks (finished_at)
  where queue = 'requests' and kind = 'trigger' and (result is not null or error ? 'message');
create index tasks_health_idx on public.tasks (finished_at)
  where queue = 'requests' and kind = 'health' and state = 'succeeded';

-- 0017_desired_state
-- What a comparison of a tenant's services with their vendors may find, and a failure to undo what a cancelled run created.
alter table public.provision_steps
  drop constraint provision_steps_state_known,
  add constraint provision_steps_state_known check (
    state in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped', 'unsupported', 'undone',
      'undo_failed')
  );
create index provision_steps_undo_failed_idx on public.provision_steps (tenant_id, vendor) where state = 'undo_failed';
-- What a filter for many runs looks through.
create index provision_steps_unfinished_idx on public.provision_steps (vendor, updated_at)
  where state in ('queued', 'running', 'waiting', 'failed', 'undo_failed');

alter table public.provision_drift
  drop constraint provision_drift_kind_known,
  add constraint provision_drift_kind_known check (
    kind in ('missing', 'foreign', 'disabled', 'incomplete', 'renamed', 'duplicate', 'unwanted', 'half_made', 'not_undone',
      'unrecorded')
  ),
  alter column external_id drop not null;

-- When what a tenant has at a vendor was last compared with its record.
create table public.provision_comparisons (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  vendor text not null references public.provision_vendors (vendor),
  compared_at timestamptz not null default clock_timestamp(),

  constraint provision_comparisons_tenant_vendor_key unique (tenant_id, vendor)
);

-- Events that failed too often to be tried again without a person or a comparison.
create index tenant_events_exhausted_idx on public.tenant_events (tenant_id) where processed_at is null and attempts >= 5;

-- Replaced by functions with further parameters, and by begin_step.
drop function if exists smarteros.retry_run(uuid, text);
drop function if exists smarteros.cancel_run(uuid);
drop function if exists public.start_provision_run(uuid);

insert into smarteros.known_tools (name) values ('services.reconcile') on conflict (name) do nothing;

-- 0018_service_pages
-- Where people find a service at its vendor, and what they have left to do there before it works.
alter table public.provision_vendors
  -- Addresses of resources by the kind in their ids, with {id} for the rest of an id. Workers write them from their settings.
  add column resource_urls jsonb not null default '{}',
  -- What a person does after provisioning, in this order.
  add column checklist text[] not null default '{}',
  add constraint provision_vendors_resource_urls_object check (jsonb_typeof(resource_urls) = 'object');

update public.provision_vendors v set checklist = given.checklist
from (
  values
    ('chatwoot', array['connect_channel', 'invite_agents']),
    ('botpress', array['publish_bot', 'connect_inbox']),
    ('odoo', array['invite_users', 'tax_data']),
    ('n8n', array['connect_accounts', 'activate_workflows']),
    ('metabase', array['connect_data', 'invite_viewers'])
) as given (vendor, checklist)
where v.vendor = given.vendor;

-- Items of the checklist of a tenant's service that a person did.
create table public.service_checks (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  vendor text not null references public.provision_vendors (vendor),
  item text not null,
  done_by text not null,
  done_at timestamptz not null default clock_timestamp(),

  constraint service_checks_tenant_vendor_item_key unique (tenant_id, vendor, item),
  constraint service_checks_item_shape check (item ~ '^[a-z][a-z_]{0,31}$'),
  constraint service_checks_done_by_length check (char_length(done_by) between 1 and 255)
);

-- Replaced by one with the addresses of resources.
drop function if exists public.report_worker(text);

insert into smarteros.known_tools (name) values ('services.check') on conflict (name) do nothing;

set local check_function_bodies = off;
grant create on schema public, smarteros to smarteros_fn;

-- views/tenant_services
-- Each tenant with each vendor: whether it is wanted, what is there, and how the last that was done to it went. Row level
-- security is that of the tables below it.
create view public.tenant_services with (security_invoker = true) as
select
  t.id as tenant_id,
  service.vendor,
  service.wanted,
  service.external_id,
  case
    when step.finished_at is null and step.state is not null then step.state
    when step.state in ('failed', 'undo_failed') and (service.wanted or service.external_id is not null) then 'failed'
    when service.external_id is null then 'absent'
    when step.action = 'disable' and step.state = 'unsupported' then 'unsupported'
    when step.action = 'disable' and step.state = 'succeeded' then 'disabled'
    else 'active'
  end as state,
  step.run_id,
  step.action,
  coalesce(step.attempts, 0) as attempts,
  step.error_kind,
  step.error_message,
  step.remedy,
  step.next_attempt_at,
  coalesce(step.duplicates, '{}') as duplicates,
  drift.kind as drift,
  drift.seen_name,
  drift.found_at as drift_found_at,
  coalesce(step.updated_at, t.created_at) as updated_at,
  -- Taken over from 0.2 and not adopted yet: no run touches it.
  hold.since is not null as held,
  comparison.compared_at,
  -- Null where no worker reported an address, and for an id that could change the address.
  case
    when page.id ~ '^[A-Za-z0-9_-]+$' and page.address ~ '^https?://' then replace(page.address, '{id}', page.id)
  end as url,
  checklist.items as checklist
from public.tenants t
cross join public.provision_vendors v
left join public.tenant_service_ids id on id.tenant_id = t.id and id.vendor = v.vendor
cross join lateral (
  select
    v.vendor,
    t.active and (t.services_enabled ->> v.flag)::boolean as wanted,
    case v.vendor
      when 'chatwoot' then t.chatwoot_inbox_id::text
      when 'botpress' then t.botpress_workspace_id
      when 'odoo' then t.odoo_company_id::text
      when 'n8n' then t.n8n_project_id
      when 'metabase' then t.metabase_dashboard_id
      else id.external_id
    end as external_id
) service
cross join lateral (
  select
    regexp_replace(service.external_id, '^[a-z]+:', '') as id,
    v.resource_urls ->> coalesce(substring(service.external_id from '^([a-z]+):'), '') as address
) page
left join lateral (
  select s.*
  from public.provision_steps s
  where s.tenant_id = t.id and s.vendor = service.vendor and s.state not in ('skipped', 'cancelled')
  order by s.finished_at is null desc, s.updated_at desc
  limit 1
) step on true
left join public.provision_drift drift
  on drift.tenant_id = t.id and drift.vendor = service.vendor and drift.resolved_at is null
left join public.provision_comparisons comparison
  on comparison.tenant_id = t.id and comparison.vendor = service.vendor
-- What a person has to do at the vendor before the service works, and what was done.
cross join lateral (
  select coalesce(
    jsonb_agg(
      jsonb_build_object('item', one.item, 'done_by', c.done_by, 'done_at', c.done_at) order by one.place
    ),
    '[]'
  ) as items
  from unnest(v.checklist) with ordinality as one (item, place)
  left join public.service_checks c on c.tenant_id = t.id and c.vendor = v.vendor and c.item = one.item
) checklist
left join public.provision_holds hold
  on hold.tenant_id = t.id and hold.vendor = service.vendor and hold.released_at is null;

revoke all on public.tenant_services from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tenant_services to authenticated, service_role, smarteros_fn;

-- functions/abandon_task
-- Cancels a request of the current user that is open; see cancel_task. Returns whether there was one.
create or replace function public.abandon_task(p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  perform 1 from public.tasks t
  where t.id = p_id and t.queue = 'requests' and t.requested_by = smarteros.subject() and t.kind <> 'health';
  if not found then
    return false;
  end if;
  perform 1 from public.cancel_task(p_id);
  return found;
end
$$;

revoke all on function public.abandon_task(uuid) from public, anon, authenticated, service_role;
grant execute on function public.abandon_task(uuid) to authenticated;
alter function public.abandon_task(uuid) owner to smarteros_fn;

-- functions/add_alert_target
create or replace function public.add_alert_target(p_name text, p_kind text, p_address text, p_settings jsonb)
returns setof public.alert_targets
language plpgsql volatile security definer set search_path = ''
as $$
declare
  added public.alert_targets;
begin
  perform smarteros.require('admin');
  insert into public.alert_targets (name, kind, address, created_by)
  values (btrim(p_name), p_kind, p_address, smarteros.subject()) returning * into added;
  insert into smarteros.alert_target_secrets (target_id, settings) values (added.id, p_settings);
  return next added;
end
$$;

revoke all on function public.add_alert_target(text, text, text, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function public.add_alert_target(text, text, text, jsonb) to authenticated;
alter function public.add_alert_target(text, text, text, jsonb) owner to smarteros_fn;

-- functions/adopt_service
-- Records what a vendor has for a tenant and lets runs touch it again. After a look at the vendor, which is the caller's. No
-- row: no such tenant. Raises P0001 `external_id_taken` where another tenant has it, 23514 for an id of another form.
create or replace function public.adopt_service(p_tenant_id uuid, p_vendor text, p_external_id text)
returns setof public.tenants
language plpgsql volatile set search_path = ''
as $$
declare
  run uuid;
begin
  -- One adoption of an id at a time.
  perform pg_advisory_xact_lock(hashtextextended('smarteros.adopt:' || p_vendor || ':' || p_external_id, 0));
  if exists (
    select from public.tenant_services s
    where s.vendor = p_vendor and s.external_id = p_external_id and s.tenant_id <> p_tenant_id
  ) then
    raise exception 'external_id_taken'
      using errcode = 'P0001', detail = 'Another tenant has this id at the vendor.', hint = 'Look the id up at the vendor again.';
  end if;
  perform 1 from public.tenants t where t.id = p_tenant_id for no key update;
  if not found then
    return;
  end if;
  perform smarteros.record_service_id(p_tenant_id, p_vendor, p_external_id);
  update public.provision_holds h set released_at = now()
  where h.tenant_id = p_tenant_id and h.vendor = p_vendor and h.released_at is null;
  update public.provision_drift d set resolved_at = now()
  where d.tenant_id = p_tenant_id and d.vendor = p_vendor and d.resolved_at is null;
  -- A person decided it: an open creation is no longer waited for, and a step that stopped for the decision has its result.
  update public.provision_intents i set settled_at = clock_timestamp(), settled_as = 'person'
  where i.tenant_id = p_tenant_id and i.vendor = p_vendor and i.settled_at is null;
  for run in
    update public.provision_steps s
    set state = 'succeeded', external_id = p_external_id, error_kind = null, error_message = null, remedy = null,
      updated_at = clock_timestamp()
    where s.tenant_id = p_tenant_id and s.vendor = p_vendor and s.state = 'failed' and s.remedy = 'confirm_creation'
    returning s.run_id
  loop
    perform smarteros.settle_provision_run(run);
  end loop;
  return query select * from public.tenants t where t.id = p_tenant_id;
end
$$;

revoke all on function public.adopt_service(uuid, text, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.adopt_service(uuid, text, text) to service_role;

-- functions/begin_creation
-- Writes that a creation is about to be sent for a task; one that is open begins again. No row: another worker may have the
-- task, so nothing may be sent.
create or replace function public.begin_creation(p_task_id uuid, p_claim uuid) returns setof public.provision_intents
language sql volatile set search_path = ''
as $$
  insert into public.provision_intents as i (tenant_id, vendor, task_id)
  select held.tenant_id, held.vendor, p_task_id from smarteros.held_task(p_task_id, p_claim, true) held
  on conflict (tenant_id, vendor) where settled_at is null do update
    set task_id = excluded.task_id, opened_at = clock_timestamp(), empty_searches = 0, searched_at = null, doubtful = false
  returning *
$$;

revoke all on function public.begin_creation(uuid, uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.begin_creation(uuid, uuid) to service_role;

-- functions/begin_step
-- Reads all that an attempt of a step needs, and marks its run as running, in a transaction of its own: the claim of the task
-- must not lock the run. Returns {"run", with "provision_steps", "tenant", with "tenant_service_ids" and "provision_holds",
-- "intent": {"age_ms", "empty_searches", "doubtful"} or null, "is_replaced": of an undoing, whether a later run has provisioned
-- the service}. Null: the token is not that of the last claim, or the attempt is over.
create or replace function public.begin_step(p_task_id uuid, p_claim uuid) returns jsonb
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
  kind text;
begin
  select t.kind into kind from public.tasks t where t.id = p_task_id and t.claim = p_claim and t.state = 'running';
  select s.* into step from public.provision_steps s where s.task_id = p_task_id and kind is not null;
  if not found then
    return null;
  end if;
  update public.provision_runs r set state = 'running', started_at = coalesce(r.started_at, now())
  where r.id = step.run_id and r.state = 'queued';
  return (
    select jsonb_build_object(
      'run', to_jsonb(r) || jsonb_build_object('provision_steps', (
        select jsonb_agg(to_jsonb(s)) from public.provision_steps s where s.run_id = r.id
      )),
      'tenant', to_jsonb(t) || jsonb_build_object(
        'tenant_service_ids', (
          select coalesce(jsonb_agg(jsonb_build_object('vendor', i.vendor, 'external_id', i.external_id)), '[]')
          from public.tenant_service_ids i where i.tenant_id = t.id
        ),
        'provision_holds', (
          select coalesce(jsonb_agg(jsonb_build_object('vendor', h.vendor, 'released_at', h.released_at)), '[]')
          from public.provision_holds h where h.tenant_id = t.id
        )
      ),
      'intent', (select to_jsonb(c) from public.open_creation(t.id, step.vendor) c),
      'is_replaced', kind = 'undo' and exists (
        select from public.tenant_services v
        where v.tenant_id = t.id and v.vendor = step.vendor and v.run_id <> r.id and v.action = 'provision' and v.state = 'active'
      )
    )
    from public.provision_runs r join public.tenants t on t.id = r.tenant_id
    where r.id = step.run_id
  );
end
$$;

revoke all on function public.begin_step(uuid, uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.begin_step(uuid, uuid) to service_role;

-- functions/bin_ms
-- In floating point from the first factor on; as numerics its power took some ten times as long.
create or replace function smarteros.bin_ms(p_bin smallint) returns float8
language sql immutable parallel safe
as $$ select case when p_bin < 0 then 0 else 2 * power(1.01::float8 / 0.99, p_bin) / (1.01::float8 / 0.99 + 1) end $$;

revoke all on function smarteros.bin_ms(smallint) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.bin_ms(smallint) to authenticated, smarteros_fn;

-- functions/bin_quantile
create or replace function smarteros.bin_quantile(p_bins smallint[], p_counts integer[], p_quantile float8) returns integer
language sql immutable set search_path = ''
as $$
  select round(smarteros.bin_ms(min(r.bin)))::integer
  from (
    select pair.bin, sum(pair.calls) over (order by pair.bin) as up_to, sum(pair.calls) over () as of
    from unnest(p_bins, p_counts) as pair (bin, calls)
  ) r
  where r.up_to >= p_quantile * r.of
$$;

revoke all on function smarteros.bin_quantile(smallint[], integer[], float8)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.bin_quantile(smallint[], integer[], float8) to smarteros_fn;

-- functions/call_figures
-- Figures of calls as callers read them, of counts of bins in any order.
create or replace function smarteros.call_figures(p_calls numeric, p_errors numeric, p_limited numeric, p_bins smallint[], p_counts bigint[])
returns jsonb
language sql immutable set search_path = ''
as $$
  select jsonb_build_object(
    'calls', coalesce(p_calls, 0), 'errors', coalesce(p_errors, 0), 'limited', coalesce(p_limited, 0),
    'p50', round(smarteros.bin_ms(min(running.bin) filter (where running.up_to >= 0.5 * running.of))::numeric, 1),
    'p95', round(smarteros.bin_ms(min(running.bin) filter (where running.up_to >= 0.95 * running.of))::numeric, 1),
    'p99', round(smarteros.bin_ms(min(running.bin) filter (where running.up_to >= 0.99 * running.of))::numeric, 1)
  )
  from (
    select pair.bin, sum(pair.calls::float8) over (order by pair.bin) as up_to, sum(pair.calls::float8) over () as of
    from unnest(p_bins, p_counts) as pair (bin, calls)
  ) running
$$;

revoke all on function smarteros.call_figures(numeric, numeric, numeric, smallint[], bigint[])
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.call_figures(numeric, numeric, numeric, smallint[], bigint[]) to authenticated;

-- functions/call_partitions
-- Returns the partitions of the audit log with their bounds; the default one has none.
create or replace function smarteros.call_partitions() returns table (name text, from_at timestamptz, to_at timestamptz)
language sql stable set search_path = '' set timezone = 'UTC'
as $$
  select c.relname::text, bound[1]::timestamptz, bound[2]::timestamptz
  from pg_catalog.pg_inherits h
  join pg_catalog.pg_class c on c.oid = h.inhrelid
  cross join lateral regexp_match(
    pg_catalog.pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \(''(.+)''\) TO \(''(.+)''\)'
  ) as bound
  where h.inhparent = 'public.mcp_invocations'::regclass
$$;

revoke all on function smarteros.call_partitions() from public, anon, authenticated, service_role, smarteros_fn;

-- functions/calls_by
-- Returns the query for store_rollups that counts the calls from p_from to p_to under p_condition, each for every line of
-- p_lines: (scope, scope_key, tool) by the columns of `c`. The bounds are constants of the query, so that the planner opens
-- no other partitions.
create or replace function smarteros.calls_by(p_from timestamptz, p_to timestamptz, p_condition text, p_lines text) returns text
language sql immutable set search_path = ''
as $$
  select format(
    'select line.scope, line.scope_key, line.tool, c.bin, c.calls, c.errors, c.limited
     from (
       select i.user_id, i.tenant_id::text as tenant_id, i.tool, i.recorded_by = ''self'' as is_self,
         smarteros.latency_bin(i.duration_ms) as bin,
         count(*) filter (where i.code is distinct from ''rate_limited'') as calls,
         count(*) filter (where not i.success and i.code is distinct from ''rate_limited'') as errors,
         coalesce(sum(i.calls) filter (where i.code = ''rate_limited''), 0) as limited
       from public.mcp_invocations i
       where i.created_at >= %L and i.created_at < %L and %s
       group by 1, 2, 3, 4, 5
     ) c
     cross join lateral (values %s) as line (scope, scope_key, tool)', p_from, p_to, p_condition, p_lines
  )
$$;

revoke all on function smarteros.calls_by(timestamptz, timestamptz, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;

-- functions/can
-- True where the current user's role has the capability. In plpgsql, as everything that policies call: it caches its plan,
-- and a call takes 10 µs, where the same in sql took 140.
create or replace function smarteros.can(p_capability text) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(
    p_capability = any (
      case smarteros.role_of_claims()
        when 'viewer' then '{read}'
        when 'operator' then '{read,write}'
        when 'auditor' then '{read,audit}'
        when 'support' then '{read,write}'
        when 'admin' then '{read,write,audit,admin}'
      end::text[]
    ),
    false
  );
end
$$;

revoke all on function smarteros.can(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.can(text) to authenticated, smarteros_fn;

-- functions/cancel_matching_runs
-- Cancels many runs, those of smarteros.runs_matching, at most 100 each time. Returns how many and how many are left;
-- with `p_dry_run` nothing changes and all are left.
create or replace function smarteros.cancel_matching_runs(
  p_owner text, p_vendor text, p_error text, p_since timestamptz, p_dry_run boolean
) returns table (runs integer, remaining integer)
language plpgsql volatile set search_path = ''
as $$
declare
  matching uuid[] := array(
    select m.run_id from smarteros.runs_matching('open', p_owner, p_vendor, p_error, p_since) m
    group by m.run_id order by m.run_id
  );
  batch uuid[] := case when p_dry_run then '{}' else matching[1:100] end;
  changed integer;
begin
  select count(*) into changed from smarteros.cancel_runs(batch);
  return query select changed, cardinality(matching) - cardinality(batch);
end
$$;

revoke all on function smarteros.cancel_matching_runs(text, text, text, timestamptz, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.cancel_matching_runs(text, text, text, timestamptz, boolean) to service_role, smarteros_fn;

-- functions/cancel_provision_run
-- Cancels a run for the service; see smarteros.cancel_runs. No row: no such run, or it is over.
create or replace function public.cancel_provision_run(p_run_id uuid)
returns setof public.provision_runs
language plpgsql volatile set search_path = ''
as $$
begin
  perform smarteros.cancel_runs(array[p_run_id]);
  if found then
    return query select r.* from public.provision_runs r where r.id = p_run_id;
  end if;
end
$$;

revoke all on function public.cancel_provision_run(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.cancel_provision_run(uuid) to service_role;

-- functions/cancel_provision_runs
-- Cancels the open runs of an owner's tenants, of all where it is null, for the service; see smarteros.cancel_matching_runs.
create or replace function public.cancel_provision_runs(
  p_owner text default null, p_vendor text default null, p_error text default null, p_since timestamptz default null,
  p_dry_run boolean default false
) returns table (runs integer, remaining integer)
language sql volatile set search_path = ''
as $$
  select m.* from smarteros.cancel_matching_runs(p_owner, p_vendor, p_error, p_since, p_dry_run) m
$$;

revoke all on function public.cancel_provision_runs(text, text, text, timestamptz, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.cancel_provision_runs(text, text, text, timestamptz, boolean) to service_role;

-- functions/cancel_runs
-- Cancels runs: what waits ends, and what is under way is stopped by its worker. What a stopped creation may have left at the
-- vendor is found and undone; see smarteros.follow_task. Returns those that were open. Locks the runs, then the queues, then
-- the tasks, as every other writer does.
create or replace function smarteros.cancel_runs(p_run_ids uuid[]) returns setof uuid
language plpgsql volatile set search_path = ''
as $$
declare
  runs uuid[];
  task record;
  run uuid;
begin
  perform 1 from public.provision_runs r where r.id = any (p_run_ids) order by r.id for no key update;
  with cancelled as (
    update public.provision_runs r set cancelled_at = coalesce(r.cancelled_at, now())
    where r.id = any (p_run_ids) and r.finished_at is null
    returning r.id
  )
  select array_agg(c.id order by c.id) into runs from cancelled c;
  perform 1 from public.task_queues q
  where q.name in (select s.vendor from public.provision_steps s where s.run_id = any (runs))
  order by q.name for update;
  for task in
    select t.id, t.state, t.queue, t.fair_key, t.priority
    from public.provision_steps s join public.tasks t on t.id = s.task_id
    where s.run_id = any (runs) and t.state in ('scheduled', 'queued', 'running')
    -- A task that another transaction changes follows its run by itself.
    for update of t skip locked
  loop
    if task.state = 'running' then
      update public.tasks t set cancel_requested_at = coalesce(t.cancel_requested_at, clock_timestamp()) where t.id = task.id;
      perform pg_catalog.pg_notify('smarteros_task_cancels', task.id::text);
      continue;
    end if;
    update public.tasks t
    set state = 'cancelled', cancel_requested_at = clock_timestamp(), finished_at = clock_timestamp()
    where t.id = task.id;
    if task.state = 'queued' then
      perform smarteros.leave_line(task.queue, task.fair_key, task.priority);
    end if;
  end loop;
  update public.provision_steps s
  set state = 'cancelled', next_attempt_at = null, finished_at = clock_timestamp(), updated_at = clock_timestamp()
  where s.run_id = any (runs) and s.task_id is null and s.state in ('queued', 'waiting');
  foreach run in array coalesce(runs, '{}') loop
    perform smarteros.settle_provision_run(run);
  end loop;
  return query select unnest(runs);
end
$$;

revoke all on function smarteros.cancel_runs(uuid[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.cancel_runs(uuid[]) to service_role, smarteros_fn;

-- functions/cancel_task
-- Cancels a task that waits; requests a running one to stop, which its worker hears immediately on a session connection, else
-- with its next renewal. Returns the task; no row: there is none, or it is over.
create or replace function public.cancel_task(p_id uuid) returns setof public.tasks
language plpgsql volatile set search_path = ''
as $$
declare
  task public.tasks;
begin
  select t.* into task from public.tasks t
  where t.id = p_id and t.state in ('scheduled', 'queued', 'running') for update;
  if not found then
    return;
  end if;
  if task.state = 'running' then
    perform pg_catalog.pg_notify('smarteros_task_cancels', p_id::text);
  end if;
  return query
    update public.tasks t
    set cancel_requested_at = coalesce(t.cancel_requested_at, clock_timestamp()),
      state = case when t.state = 'running' then t.state else 'cancelled' end,
      finished_at = case when t.state = 'running' then null else clock_timestamp() end
    where t.id = p_id
    returning t.*;
  if task.state = 'queued' then
    perform smarteros.leave_line(task.queue, task.fair_key, task.priority);
  end if;
end
$$;

revoke all on function public.cancel_task(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.cancel_task(uuid) to service_role, smarteros_fn;

-- functions/check_service
-- Ticks an item of the checklist of a tenant's service as done by the current user, or unticks it. Needs `write`. Returns
-- whether the current user sees such an item: of an active tenant, at a vendor that has it.
create or replace function public.check_service(p_tenant_id uuid, p_vendor text, p_item text, p_done boolean)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  perform 1
  from public.tenants t join public.provision_vendors v on v.vendor = p_vendor and p_item = any (v.checklist)
  where t.id = p_tenant_id and t.active
    and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if not found then
    return false;
  end if;
  if coalesce(p_done, true) then
    -- Who was first did it.
    insert into public.service_checks (tenant_id, vendor, item, done_by)
    values (p_tenant_id, p_vendor, p_item, smarteros.subject())
    on conflict (tenant_id, vendor, item) do nothing;
  else
    delete from public.service_checks c
    where c.tenant_id = p_tenant_id and c.vendor = p_vendor and c.item = p_item;
  end if;
  return true;
end
$$;

revoke all on function public.check_service(uuid, text, text, boolean) from public, anon, authenticated, service_role;
grant execute on function public.check_service(uuid, text, text, boolean) to authenticated;
alter function public.check_service(uuid, text, text, boolean) owner to smarteros_fn;

-- functions/claim_alert_deliveries
-- Takes up what is due, for one minute in which no one else does, with what is needed to dial.
create or replace function public.claim_alert_deliveries(p_limit integer default 20)
returns table (id uuid, notification text, attempts integer, payload jsonb, target text, target_kind text, settings jsonb)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_limit is null or p_limit not between 0 and 100 then
    raise exception 'p_limit must be 0 to 100' using errcode = '23514', constraint = 'p_limit_range';
  end if;
  return query
    with due as (
      select d.id from public.alert_deliveries d
      where d.state = 'pending' and d.next_attempt_at <= now()
      order by d.next_attempt_at limit p_limit
      for update skip locked
    ), taken as (
      update public.alert_deliveries d
      set attempts = d.attempts + 1, next_attempt_at = now() + interval '1 minute'
      from due where d.id = due.id
      returning d.*
    )
    select k.id, k.notification, k.attempts, k.payload, t.name, t.kind, s.settings
    from taken k
    join public.alert_targets t on t.id = k.target_id
    join smarteros.alert_target_secrets s on s.target_id = k.target_id
    order by k.created_at;
end
$$;

revoke all on function public.claim_alert_deliveries(integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.claim_alert_deliveries(integer) to service_role;

-- functions/claim_events
-- Takes events that no one works on, oldest first. One that failed five times waits for smarteros.retry_events; a worker that
-- dies with an event counts for nothing.
create or replace function public.claim_events(p_limit integer default 20, p_lease interval default '30 seconds')
returns setof public.tenant_events
language sql volatile set search_path = ''
as $$
  update public.tenant_events e
  set claimed_until = now() + p_lease
  from (
    select candidate.id
    from public.tenant_events candidate
    where candidate.processed_at is null
      and candidate.attempts < 5
      and (candidate.claimed_until is null or candidate.claimed_until < now())
    order by candidate.id
    limit least(greatest(p_limit, 1), 1000)
    for update skip locked
  ) claimed
  where e.id = claimed.id
  returning e.*
$$;

revoke all on function public.claim_events(integer, interval)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.claim_events(integer, interval) to service_role;

-- functions/claim_tasks
-- Claims up to `p_limit` tasks of a queue for a worker, in the order in which they are due; each fourth by priority first.
-- The row of the queue is locked, so that caps hold among workers and within the batch. A key that has reached its cap is
-- skipped by its lines, of which it has four at most. While the circuit breaker is open nothing is
-- claimed, and after that one task at a time until one succeeds.
create or replace function public.claim_tasks(p_queue text, p_worker text, p_limit integer default 1)
returns setof public.tasks
language plpgsql volatile set search_path = ''
as $$
declare
  queue public.task_queues;
  picked uuid;
  task public.tasks;
  slots integer;
  claims integer := 0;
  full_keys text[];
  full_tenants uuid[];
  -- Keys with a tenant at its cap: the head of their lines may be a task that may not run yet.
  doubtful_keys text[];
begin
  perform smarteros.end_leases(p_queue);
  select q.* into queue from public.task_queues q where q.name = p_queue for update;
  if not found or queue.paused_at is not null or queue.open_until > clock_timestamp() then
    return;
  end if;
  perform smarteros.prepare_claim(p_queue);

  select least(p_limit, 100, queue.max_running - count(*), queue.max_per_worker - count(*) filter (where t.claimed_by = p_worker))
  into slots
  from public.tasks t where t.queue = p_queue and t.state = 'running';
  if queue.failures >= queue.breaker_failures then
    slots := least(slots, 1 - (select count(*) from public.tasks t where t.queue = p_queue and t.state = 'running'));
  end if;
  if slots <= 0 then
    return;
  end if;
  full_keys := array(
    select t.fair_key from public.tasks t where t.queue = p_queue and t.state = 'running'
    group by t.fair_key having count(*) >= queue.max_per_key
  );
  select coalesce(array_agg(f.tenant_id), '{}'), coalesce(array_agg(distinct f.fair_key), '{}')
  into full_tenants, doubtful_keys
  from (
    select t.tenant_id, t.fair_key from public.tasks t
    where t.queue = p_queue and t.state = 'running' and t.tenant_id is not null
    group by t.tenant_id, t.fair_key having count(*) >= queue.max_per_tenant
  ) f;

  for slot in 1..slots loop
    if (queue.claimed + slot) % 4 = 0 then
      select head.id into picked
      from (
        select l.fair_key, l.priority from public.task_lines l
        where l.queue = p_queue and l.fair_key <> all (full_keys)
        order by l.priority, l.head_due_at
        limit 1 + 4 * cardinality(doubtful_keys)
      ) line
      cross join lateral smarteros.head_of_line(p_queue, line.fair_key, line.priority, full_tenants) head
      order by line.priority, head.due_at, head.id
      limit 1;
    else
      select head.id into picked
      from (
        select l.fair_key, l.priority from public.task_lines l
        where l.queue = p_queue and l.fair_key <> all (full_keys)
        order by l.head_due_at
        limit 1 + 4 * cardinality(doubtful_keys)
      ) line
      cross join lateral smarteros.head_of_line(p_queue, line.fair_key, line.priority, full_tenants) head
      order by head.due_at, head.id
      limit 1;
    end if;
    exit when not found;
    update public.tasks t
    set state = 'running', attempts = t.attempts + 1, claim = gen_random_uuid(), claimed_by = p_worker,
      claimed_at = clock_timestamp(), lease_until = clock_timestamp() + queue.lease
    where t.id = picked
    returning t.* into task;
    perform smarteros.leave_line(p_queue, task.fair_key, task.priority);
    claims := claims + 1;
    return next task;
    if queue.max_per_key is not null and queue.max_per_key <= (
      select count(*) from public.tasks t where t.queue = p_queue and t.fair_key = task.fair_key and t.state = 'running'
    ) then
      full_keys := full_keys || task.fair_key;
    end if;
    if task.tenant_id is not null and queue.max_per_tenant is not null and queue.max_per_tenant <= (
      select count(*) from public.tasks t
      where t.queue = p_queue and t.fair_key = task.fair_key and t.tenant_id = task.tenant_id and t.state = 'running'
    ) then
      full_tenants := full_tenants || task.tenant_id;
      if task.fair_key <> all (doubtful_keys) then
        doubtful_keys := doubtful_keys || task.fair_key;
      end if;
    end if;
  end loop;
  if claims > 0 then
    update public.task_queues q set claimed = q.claimed + claims where q.name = p_queue;
  end if;
end
$$;

revoke all on function public.claim_tasks(text, text, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.claim_tasks(text, text, integer) to service_role;

-- functions/claims
-- Not auth.jwt(): smarteros_fn has no usage on the schema auth of a hosted project, and postgres cannot grant it.
create or replace function smarteros.claims() returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return nullif(current_setting('request.jwt.claims', true), '')::jsonb;
end
$$;

revoke all on function smarteros.claims() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.claims() to authenticated, smarteros_fn;

-- functions/close_intents
-- The user as well: an id is the caller's to choose, and must not end another's intent.
create or replace function smarteros.close_intents() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.mcp_open_intents o using written w
  where o.id = w.id and o.user_id = w.user_id and o.recorded_by = w.recorded_by;
  return null;
end
$$;

revoke all on function smarteros.close_intents() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger mcp_invocations_close after insert on public.mcp_invocations
  referencing new table as written for each statement execute function smarteros.close_intents();

-- functions/compact_partitions
-- Joins the daily partitions of the oldest week (from Monday, UTC) that ended ninety days ago or earlier: p_rows at a time
-- into a new table, which then takes their place at once. Returns whether there is more to do. May be called at any time
-- and side by side. Raises 23514 for an argument out of range.
create or replace function public.compact_partitions(p_rows integer default 20000) returns boolean
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  week_start timestamptz;
  week_end timestamptz;
  week_name text;
  part record;
begin
  if p_rows is null or p_rows not between 1 and 100000 then
    raise exception 'p_rows must be 1 to 100000' using errcode = '23514', constraint = 'p_rows_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  if exists (select from smarteros.partition_move m where m.week is null) then
    return true;
  end if;
  select m.week into week_start from smarteros.partition_move m;
  if not found then
    -- Of a week whose days a longer partition or the default one has, nothing can be joined.
    select min(p.monday) into week_start
    from (select date_trunc('week', c.from_at) as monday, c.from_at, c.to_at from smarteros.call_partitions() c) p
    where p.monday + interval '7 days' <= current_date - 90
      and p.to_at - p.from_at < interval '7 days'
      and not exists (
        select from smarteros.call_partitions() other
        where other.from_at < p.monday + interval '7 days' and other.to_at > p.monday
          and not (other.from_at >= p.monday and other.to_at <= p.monday + interval '7 days')
      )
      and not exists (
        select from smarteros.mcp_invocations_default i
        where i.created_at >= p.monday and i.created_at < p.monday + interval '7 days'
      );
    if week_start is null then
      return false;
    end if;
    perform smarteros.create_call_table('moving_calls');
    insert into smarteros.partition_move (week) values (week_start);
  end if;
  if not smarteros.copy_calls(p_rows) then
    return true;
  end if;
  week_end := week_start + interval '7 days';
  week_name := 'mcp_invocations_' || to_char(week_start, 'YYYYMMDD') || '_week';
  -- Checked before the lock that everybody waits for, so that attaching need not.
  execute format(
    'alter table smarteros.moving_calls add constraint moving_calls_week check (created_at >= %L and created_at < %L)',
    week_start, week_end
  );
  lock table only public.mcp_invocations in access exclusive mode;
  execute format(
    'insert into smarteros.moving_calls
     select i.* from public.mcp_invocations i
     where i.created_at >= %L and i.created_at < %L
       and i.recorded_at >= (select m.started_at - interval ''10 minutes'' from smarteros.partition_move m)
     on conflict do nothing', week_start, week_end
  );
  for part in
    select p.name from smarteros.call_partitions() p where p.from_at >= week_start and p.to_at <= week_end order by 1
  loop
    execute format('drop table smarteros.%I', part.name);
  end loop;
  execute format('alter table smarteros.moving_calls rename to %I', week_name);
  execute format('alter table public.mcp_invocations attach partition smarteros.%I for values from (%L) to (%L)',
    week_name, week_start, week_end);
  execute format('alter table smarteros.%I drop constraint moving_calls_week', week_name);
  delete from smarteros.partition_move m where m.one;
  return true;
end
$$;

revoke all on function public.compact_partitions(integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.compact_partitions(integer) to service_role;

-- functions/complete_tasks
-- Ends tasks with success and enqueues their follow-ups in the same transaction. `p_ended` is [{"id", "claim", "result"?,
-- "follow_ups"?}]; follow-ups have the fields of smarteros.insert_tasks. Returns the ids of those that count: the token must be
-- that of the last claim. It still counts after the lease ran out if no worker claimed the task again, and a second time.
create or replace function public.complete_tasks(p_ended jsonb) returns setof uuid
language plpgsql volatile set search_path = ''
as $$
declare
  ended record;
  task public.tasks;
begin
  for ended in
    select it.* from jsonb_to_recordset(p_ended) as it (id uuid, claim uuid, result jsonb, follow_ups jsonb)
    order by it.id
  loop
    select t.* into task from public.tasks t where t.id = ended.id and t.claim = ended.claim for update;
    continue when not found or task.state in ('cancelled', 'expired');
    if task.state <> 'succeeded' then
      update public.tasks t
      set state = 'succeeded', result = ended.result, error = null, lease_until = null, finished_at = clock_timestamp()
      where t.id = task.id;
      update public.task_queues q set failures = 0, open_until = null where q.name = task.queue and q.failures > 0;
      if task.state = 'queued' then
        perform smarteros.leave_line(task.queue, task.fair_key, task.priority);
      end if;
      if jsonb_array_length(ended.follow_ups) > 0 then
        perform smarteros.insert_tasks(ended.follow_ups, task.id);
      end if;
    end if;
    return next task.id;
  end loop;
end
$$;

revoke all on function public.complete_tasks(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.complete_tasks(jsonb) to service_role;

-- functions/configure
-- Stores the settings that SQL enforces beside the hosts: default_role (operator or none), role_map (names of roles elsewhere
-- to ours), max_tenants_per_owner and delete_grace_days. A name that is left out stays as it is. For the owner of the database
-- and for hosts with the service role. Raises 23514, with the constraint settings_<name>, for a value that is not one of it.
create or replace function public.configure(p_settings jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  given record;
begin
  if jsonb_typeof(p_settings) is distinct from 'object' then
    raise exception 'p_settings must be an object' using errcode = '23514', constraint = 'settings_object';
  end if;
  for given in select e.key, e.value from jsonb_each(p_settings) e loop
    if not coalesce(case given.key
      when 'default_role' then given.value in ('"operator"', '"none"')
      when 'max_tenants_per_owner' then jsonb_typeof(given.value) = 'number' and given.value between '1' and '100000'
      when 'delete_grace_days' then jsonb_typeof(given.value) = 'number' and given.value between '0' and '3650'
      when 'role_map' then jsonb_typeof(given.value) = 'object' and not exists (
        select from jsonb_each(case jsonb_typeof(given.value) when 'object' then given.value else '{}' end) r
        where r.value not in ('"viewer"', '"operator"', '"auditor"', '"support"', '"admin"')
          or r.key in ('viewer', 'operator', 'auditor', 'support', 'admin') or char_length(r.key) not between 1 and 100
      )
      else false
    end, false) then
      raise exception 'setting % has no such value', given.key using errcode = '23514', constraint = 'settings_' || given.key;
    end if;
  end loop;
  insert into smarteros.settings as s (name, value)
  select e.key, e.value from jsonb_each(p_settings) e order by 1
  on conflict (name) do update set value = excluded.value, updated_at = now() where s.value <> excluded.value;
end
$$;

revoke all on function public.configure(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.configure(jsonb) to service_role;

-- functions/configure_queue
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

-- functions/copy_calls
-- Copies the next p_rows rows of the move into smarteros.moving_calls, in the order of created_at and id. Returns whether it
-- has come to the end.
create or replace function smarteros.copy_calls(p_rows integer) returns boolean
language plpgsql volatile set search_path = '' set timezone = 'UTC'
as $$
declare
  move smarteros.partition_move;
  last record;
begin
  select m.* into move from smarteros.partition_move m;
  execute format(
    'with piece as materialized (
       select i.* from %s i where %s and (i.created_at, i.id) > ($1, $2) order by i.created_at, i.id limit $3
     ), copied as (
       insert into smarteros.moving_calls select p.* from piece p on conflict do nothing
     )
     select count(*) as rows, max(p.created_at) as at, (array_agg(p.id order by p.created_at desc, p.id desc))[1] as id
     from piece p',
    case when move.week is null then 'smarteros.mcp_invocations_default' else 'public.mcp_invocations' end,
    case when move.week is null then 'true'
      else format('i.created_at >= %L and i.created_at < %L', move.week, move.week + interval '7 days') end
  ) into last using move.copied_at, move.copied_id, p_rows;
  if last.rows > 0 then
    update smarteros.partition_move m set copied_at = last.at, copied_id = last.id where m.one;
  end if;
  return last.rows < p_rows;
end
$$;

revoke all on function smarteros.copy_calls(integer) from public, anon, authenticated, service_role, smarteros_fn;

-- functions/count_day
-- Counts the next part of a day (UTC), about 100 000 calls of it: everybody's calls from its hours, then users' and then
-- tenants' from the calls, in the order of their keys, each by tool and for all tools together. Returns whether the day is
-- complete; if not, rollup_work says where it goes on.
create or replace function smarteros.count_day(p_work smarteros.rollup_work) returns boolean
language plpgsql volatile set search_path = '' set timezone = 'UTC'
as $$
declare
  part_size constant integer := 100000;
  day_end constant timestamptz := p_work.ts + interval '1 day';
  column_name text;
  first_key text;
  last_key text;
  found_calls integer;
begin
  if p_work.part = 'all' then
    perform smarteros.store_rollups('day', p_work.ts,
      smarteros.rollups_by('hour', p_work.ts, day_end, $c$r.scope_key = ''$c$));
    update smarteros.rollup_work w set part = 'user', after_key = '' where w.resolution = 'day' and w.ts = p_work.ts;
    return false;
  end if;
  column_name := p_work.part || '_id';
  first_key := case when p_work.part = 'tenant' and p_work.after_key = '' then '00000000-0000-0000-0000-000000000000'
    else p_work.after_key end;
  execute format(
    'select max(next.key::text collate "C"), count(*) from (
       select i.%1$I as key from public.mcp_invocations i
       where i.created_at >= %2$L and i.created_at < %3$L and i.%1$I > $1::%4$s order by i.%1$I limit %5$s
     ) next', column_name, p_work.ts, day_end, case p_work.part when 'tenant' then 'uuid' else 'text' end, part_size
  ) into last_key, found_calls using first_key;
  if found_calls > 0 then
    perform smarteros.store_rollups('day', p_work.ts, smarteros.calls_by(p_work.ts, day_end,
      case p_work.part when 'tenant' then 'i.tenant_id > $1::uuid and i.tenant_id <= $2::uuid'
        else 'i.user_id > $1 and i.user_id <= $2' end,
      case p_work.part
        when 'tenant' then $lines$
          (case when c.is_self then 'self_tenant' else 'tenant' end, c.tenant_id, c.tool),
          (case when c.is_self then 'self_tenant' else 'tenant' end, c.tenant_id, '')
        $lines$
        else $lines$
          (case when c.is_self then 'self' else 'user' end, c.user_id, c.tool),
          (case when c.is_self then 'self' else 'user' end, c.user_id, '')
        $lines$
      end), first_key, last_key);
  end if;
  if found_calls = part_size then
    update smarteros.rollup_work w set after_key = last_key where w.resolution = 'day' and w.ts = p_work.ts;
    return false;
  end if;
  if p_work.part = 'user' then
    update smarteros.rollup_work w set part = 'tenant', after_key = '' where w.resolution = 'day' and w.ts = p_work.ts;
    return false;
  end if;
  return true;
end
$$;

revoke all on function smarteros.count_day(smarteros.rollup_work)
  from public, anon, authenticated, service_role, smarteros_fn;

-- functions/count_hour
-- Counts an hour: everybody's calls by tool, users' and tenants' for all tools together. By user and tool an hour would have
-- about as many rows as it had calls.
create or replace function smarteros.count_hour(p_hour timestamptz) returns void
language sql volatile set search_path = ''
as $$
  select smarteros.store_rollups('hour', p_hour, smarteros.calls_by(p_hour, p_hour + interval '1 hour', 'true',
    $lines$
      (case when c.is_self then 'self' else 'all' end, '', c.tool),
      (case when c.is_self then 'self' else 'all' end, '', ''),
      (case when c.is_self then 'self' else 'user' end, c.user_id, ''),
      (case when c.is_self then 'self_tenant' else 'tenant' end, c.tenant_id, '')
    $lines$))
$$;

revoke all on function smarteros.count_hour(timestamptz) from public, anon, authenticated, service_role, smarteros_fn;

-- functions/count_week
-- Counts a week (UTC, from Monday) from its days: everybody's calls by tool, users' and tenants' for all tools together.
create or replace function smarteros.count_week(p_week timestamptz) returns void
language sql volatile set search_path = ''
as $$
  select smarteros.store_rollups('week', p_week,
    smarteros.rollups_by('day', p_week, p_week + interval '7 days', $c$(r.scope_key = '' or r.tool = '')$c$))
$$;

revoke all on function smarteros.count_week(timestamptz) from public, anon, authenticated, service_role, smarteros_fn;

-- functions/counted_health
-- What was seen of services in a time, by moments of a length.
create or replace function smarteros.counted_health(p_services text[], p_from timestamptz, p_to timestamptz, p_step interval)
returns setof smarteros.health_days
language sql stable set search_path = ''
as $$
  with span as materialized (
    select w.service, w.starts_at, w.ends_at from smarteros.maintenance_windows w
    where w.starts_at < p_to and w.ends_at > p_from
  ), seen as materialized (
    select h.service, date_bin(p_step, h.created_at, '2000-01-01 00:00:00+00') as ts, h.status,
      smarteros.latency_bin(h.latency_ms) as bin,
      exists (
        select from span
        where (span.service is null or span.service = h.service)
          and h.created_at >= span.starts_at and h.created_at < span.ends_at
      ) as excluded
    from public.external_health h
    where h.service = any (p_services) and h.created_at >= p_from and h.created_at < p_to
  ), counted as (
    select s.service, s.ts, s.bin, count(*)::integer as rows,
      count(*) filter (where not s.excluded and s.status = 'ok')::integer as ok,
      count(*) filter (where not s.excluded and s.status = 'degraded')::integer as degraded,
      count(*) filter (where not s.excluded and s.status = 'error')::integer as error,
      count(*) filter (where s.excluded)::integer as excluded
    from seen s
    group by 1, 2, 3
  ), summed as (
    select c.service, c.ts, sum(c.ok)::integer as ok, sum(c.degraded)::integer as degraded,
      sum(c.error)::integer as error, sum(c.excluded)::integer as excluded,
      coalesce(array_agg(c.bin order by c.bin) filter (where c.bin is not null and c.ok + c.degraded > 0), '{}') as bins,
      coalesce(array_agg(c.ok + c.degraded order by c.bin) filter (where c.bin is not null and c.ok + c.degraded > 0), '{}')
        as counts
    from counted c
    group by 1, 2
  )
  select s.service, s.ts, s.ok, s.degraded, s.error, s.excluded, s.bins, s.counts,
    smarteros.bin_quantile(s.bins, s.counts, 0.5), smarteros.bin_quantile(s.bins, s.counts, 0.95),
    smarteros.bin_quantile(s.bins, s.counts, 0.99)
  from summed s
$$;

revoke all on function smarteros.counted_health(text[], timestamptz, timestamptz, interval)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.counted_health(text[], timestamptz, timestamptz, interval) to smarteros_fn;

-- functions/counted_since
-- When the counting begins: of the time before, no one knows how many calls it had. Null where nothing is counted yet.
create or replace function smarteros.counted_since() returns timestamptz
language sql stable security definer set search_path = ''
as $$
  select min(first.ts)
  from unnest(array['hour', 'day']) as of (resolution)
  cross join lateral (
    select r.ts from public.call_rollups r
    where r.resolution = of.resolution and r.scope = 'all' and r.scope_key = '' and r.tool = ''
    order by r.ts limit 1
  ) first
$$;

revoke all on function smarteros.counted_since() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.counted_since() to authenticated;

-- functions/counted_until
-- Returns the time before which all hours, days or weeks are counted; null where nothing is counted yet.
create or replace function smarteros.counted_until(p_resolution text) returns timestamptz
language sql stable security definer set search_path = ''
as $$
  select case p_resolution when 'hour' then p.hours_until when 'day' then p.days_until else p.weeks_until end
  from smarteros.rollup_progress p
$$;

revoke all on function smarteros.counted_until(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.counted_until(text) to authenticated;

-- functions/create_call_table
-- Makes a table like the audit log, closed to everyone, to be attached to it.
create or replace function smarteros.create_call_table(p_name text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  execute format('create table smarteros.%I (like public.mcp_invocations including all)', p_name);
  execute format('alter table smarteros.%I enable row level security', p_name);
  execute format('alter table smarteros.%I force row level security', p_name);
  execute format('revoke all on smarteros.%I from public, anon, authenticated, service_role', p_name);
end
$$;

revoke all on function smarteros.create_call_table(text) from public, anon, authenticated, service_role, smarteros_fn;

-- functions/create_maintenance_window
-- A time in which a service, or null for all, may fail without its being counted. Needs `admin`. It may have begun up to a
-- week ago, for what someone forgot to announce.
create or replace function public.create_maintenance_window(
  p_starts_at timestamptz,
  p_ends_at timestamptz,
  p_reason text,
  p_service text default null
) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  made uuid;
begin
  perform smarteros.require('admin');
  if p_starts_at is null or p_ends_at is null or p_starts_at >= p_ends_at then
    raise exception 'p_ends_at must be after p_starts_at'
      using errcode = '23514', constraint = 'maintenance_windows_ends_after_start';
  end if;
  if p_starts_at < now() - interval '7 days' then
    raise exception 'p_starts_at must be a week ago or later'
      using errcode = '23514', constraint = 'maintenance_windows_start_recent';
  end if;
  if p_service is not null and not exists (select from smarteros.health_states s where s.service = p_service) then
    raise exception 'p_service must be a service that was looked at'
      using errcode = '23514', constraint = 'maintenance_windows_service_known';
  end if;
  insert into smarteros.maintenance_windows (service, starts_at, ends_at, reason, created_by)
  values (p_service, p_starts_at, p_ends_at, btrim(p_reason), smarteros.subject())
  returning id into made;
  return made;
end
$$;

revoke all on function public.create_maintenance_window(timestamptz, timestamptz, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.create_maintenance_window(timestamptz, timestamptz, text, text) to authenticated;
alter function public.create_maintenance_window(timestamptz, timestamptz, text, text) owner to smarteros_fn;

-- functions/create_tenant
-- Creates a tenant of the current user. Raises 23505 for a RUT that the owner has already, 23514 for a value that a rule
-- refuses, P0001 `quota_exceeded` over the number of tenants that one owner may have.
create or replace function public.create_tenant(p_rut text, p_business_name text, p_services jsonb default '{}')
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  perform smarteros.require_tenant_quota();
  return query
    insert into public.tenants (rut, business_name, clerk_user_id, services_enabled)
    values (
      p_rut,
      smarteros.trimmed(p_business_name),
      smarteros.subject(),
      (select jsonb_object_agg(v.flag, false) from public.provision_vendors v) || coalesce(p_services, '{}')
    )
    returning *;
end
$$;

revoke all on function public.create_tenant(text, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.create_tenant(text, text, jsonb) to authenticated;
alter function public.create_tenant(text, text, jsonb) owner to smarteros_fn;

-- functions/cut_time
-- Cuts a time into the parts that are read from hours, days and weeks. Each is counted up to a time of its own; where one is
-- missing or not wanted, the next finer stands for it, and in the end the calls.
create or replace function smarteros.cut_time(p_from timestamptz, p_to timestamptz, p_hours boolean, p_days boolean, p_weeks boolean)
returns smarteros.time_cut
language plpgsql stable set search_path = '' set timezone = 'UTC'
as $$
declare
  cut smarteros.time_cut;
begin
  if p_hours then
    cut.hours_from := date_trunc('hour', p_from + interval '1 hour' - interval '1 microsecond');
    cut.hours_to := date_trunc('hour', least(p_to, coalesce(smarteros.counted_until('hour'), '-infinity')));
  end if;
  if p_days then
    cut.days_from := date_trunc('day', p_from + interval '1 day' - interval '1 microsecond');
    cut.days_to := date_trunc('day', least(p_to, coalesce(smarteros.counted_until('day'), '-infinity')));
  end if;
  if p_weeks then
    cut.weeks_from := date_trunc('week', p_from + interval '7 days' - interval '1 microsecond');
    cut.weeks_to := date_trunc('week', least(p_to, coalesce(smarteros.counted_until('week'), '-infinity')));
  end if;
  if not p_hours then
    cut.hours_from := cut.days_from;
    cut.hours_to := cut.days_to;
  end if;
  if cut.hours_from < cut.hours_to is not true then
    cut.hours_from := p_to;
    cut.hours_to := p_to;
  end if;
  if cut.days_from < cut.days_to is not true then
    cut.days_from := cut.hours_to;
    cut.days_to := cut.hours_to;
  end if;
  if cut.weeks_from < cut.weeks_to is not true then
    cut.weeks_from := cut.days_to;
    cut.weeks_to := cut.days_to;
  end if;
  return cut;
end
$$;

revoke all on function smarteros.cut_time(timestamptz, timestamptz, boolean, boolean, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.cut_time(timestamptz, timestamptz, boolean, boolean, boolean) to authenticated;

-- functions/delete_alert_rule
create or replace function public.delete_alert_rule(p_id text) returns setof public.alert_rules
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query delete from public.alert_rules r where r.id = p_id returning r.*;
end
$$;

revoke all on function public.delete_alert_rule(text) from public, anon, authenticated, service_role;
grant execute on function public.delete_alert_rule(text) to authenticated;
alter function public.delete_alert_rule(text) owner to smarteros_fn;

-- functions/draw_self_reports
-- Draws p_rows from what the current user may still report in this hour (6000 rows); returns how many they get. Holds the
-- user's lock until the transaction ends, so that two reports of one user do not store one row twice.
create or replace function smarteros.draw_self_reports(p_rows integer) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  per_hour constant integer := 6000;
  this_hour constant timestamptz := date_trunc('hour', now());
  used integer;
begin
  perform pg_advisory_xact_lock(hashtextextended('smarteros.self_reports:' || smarteros.subject(), 0));
  insert into smarteros.self_report_counts as c (user_id, hour_start, rows)
  values (smarteros.subject(), this_hour, p_rows)
  on conflict (user_id) do update
    set hour_start = excluded.hour_start,
      rows = case when c.hour_start = excluded.hour_start then c.rows + excluded.rows else excluded.rows end
  returning rows into used;
  return greatest(0, least(p_rows, per_hour - (used - p_rows)));
end
$$;

revoke all on function smarteros.draw_self_reports(integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.draw_self_reports(integer) to smarteros_fn;

-- functions/drop_expired
-- Drops partitions whose days (UTC) are all more than p_days ago, seven at most, with what fell into the default partition
-- and the intents of those days, 20 000 of each at most; `more` tells to call again. A day that is still to be counted is
-- not dropped, nor with p_sealed one with calls that are not sealed. Rows under a hold are copied aside first, and leave
-- when the hold is released. May be called at any time and side by side. Raises 23514 for fewer than eight days: for a week
-- late rows are counted again.
create or replace function public.drop_expired(p_days integer, p_sealed boolean default false)
returns table (partitions integer, held integer, intents integer, more boolean)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC' set lock_timeout = '5s'
as $$
declare
  at_most constant integer := 20000;
  kept_from date;
  expired text[];
  partition text;
  changed integer;
begin
  if p_days is null or p_days not between 8 and 36500 then
    raise exception 'p_days must be 8 to 36500' using errcode = '23514', constraint = 'p_days_range';
  end if;
  partitions := 0;
  held := 0;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  kept_from := least(current_date - p_days, smarteros.needed_from(p_sealed)::date);
  expired := array(
    select p.name from smarteros.call_partitions() p where p.to_at <= kept_from order by p.from_at limit 7);
  more := cardinality(expired) = 7;
  -- What takes long comes before the lock that everybody waits for; after it, what has come since. A vacuum gives way
  -- after a second, and keeps off from then on; no one else waits for this lock.
  foreach partition in array expired loop
    execute format('lock table smarteros.%I in share update exclusive mode', partition);
  end loop;
  foreach partition in array expired || 'mcp_invocations_default'::text loop
    held := held + smarteros.hold_rows(partition, kept_from);
  end loop;
  if cardinality(expired) > 0 then
    lock table only public.mcp_invocations in access exclusive mode;
    foreach partition in array expired loop
      held := held + smarteros.hold_rows(partition, kept_from);
      execute format('drop table smarteros.%I', partition);
      partitions := partitions + 1;
    end loop;
  end if;
  with gone as (
    delete from smarteros.mcp_invocations_default i
    where i.ctid = any (array(
      select old.ctid from smarteros.mcp_invocations_default old where old.created_at < kept_from limit at_most))
    returning i.*
  ), kept as (
    insert into public.mcp_held_invocations
    select g.* from gone g where smarteros.is_held(g.user_id, g.tenant_id)
    on conflict do nothing
    returning 1
  )
  select held + (select count(*) from kept), count(*) into held, changed from gone;
  more := more or changed = at_most;
  delete from public.mcp_intents i
  where i.id = any (array(
    select old.id from public.mcp_intents old
    where old.created_at < kept_from and not smarteros.is_held(old.user_id, old.tenant_id) limit at_most));
  get diagnostics intents = row_count;
  delete from public.mcp_held_invocations i
  where i.ctid = any (array(
    select old.ctid from public.mcp_held_invocations old
    where old.created_at < kept_from and not smarteros.is_held(old.user_id, old.tenant_id) limit at_most));
  get diagnostics changed = row_count;
  more := more or greatest(intents, changed) = at_most;
  insert into smarteros.retention as r (kept_from) values (kept_from)
  on conflict (one) do update set kept_from = greatest(r.kept_from, excluded.kept_from);
  return next;
end
$$;

revoke all on function public.drop_expired(integer, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.drop_expired(integer, boolean) to service_role;

-- functions/due_queues
-- Finds those of the queues in which a claim may find something to do: a task in line or whose time has come, or a lease that
-- ran out. Reads one row of an index for each.
create or replace function public.due_queues(p_queues text[]) returns setof text
language sql stable set search_path = ''
as $$
  select q.name
  from public.task_queues q
  where q.name = any (p_queues) and (
    (
      q.paused_at is null and (q.open_until is null or q.open_until <= clock_timestamp()) and (
        exists (select from public.task_lines l where l.queue = q.name)
        or exists (
          select from public.tasks t where t.queue = q.name and t.state = 'scheduled' and t.run_at <= clock_timestamp()
        )
      )
    )
    or exists (
      select from public.tasks t where t.queue = q.name and t.state = 'running' and t.lease_until < clock_timestamp()
    )
  )
$$;

revoke all on function public.due_queues(text[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.due_queues(text[]) to service_role;

-- functions/end_alert_delivery
-- How an attempt ended: `p_retry_at` for another one, null where it is over. Answers whether it was still under way.
create or replace function public.end_alert_delivery(
  p_id uuid, p_delivered boolean, p_status integer, p_error text, p_retry_at timestamptz
) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.alert_deliveries d
  set state = case when p_delivered then 'delivered' when p_retry_at is null then 'failed' else 'pending' end,
    finished_at = case when p_delivered or p_retry_at is null then now() end,
    next_attempt_at = coalesce(p_retry_at, d.next_attempt_at),
    last_status = p_status,
    last_error = left(p_error, 300)
  where d.id = p_id and d.state = 'pending';
  return found;
end
$$;

revoke all on function public.end_alert_delivery(uuid, boolean, integer, text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.end_alert_delivery(uuid, boolean, integer, text, timestamptz) to service_role;

-- functions/end_leases
-- Takes tasks from workers whose leases ran out, at most 100. Their tokens stay: a worker may still report how the attempt
-- ended, unless another claims the task. Called before the row of the queue is locked: what follows a task locks more rows.
create or replace function smarteros.end_leases(p_queue text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  update public.tasks t
  set state = case
      when t.cancel_requested_at is not null then 'cancelled'
      when t.attempts >= t.max_attempts then 'dead'
      else 'scheduled'
    end,
    lease_until = null, run_at = clock_timestamp(),
    finished_at = case when t.cancel_requested_at is not null or t.attempts >= t.max_attempts then clock_timestamp() end,
    error = case
      when t.cancel_requested_at is null and t.attempts >= t.max_attempts then '{"code": "lease_ran_out"}' else t.error
    end
  from (
    select o.id from public.tasks o
    where o.queue = p_queue and o.state = 'running' and o.lease_until < clock_timestamp()
    order by o.lease_until limit 100
    for update skip locked
  ) lapsed
  where t.id = lapsed.id;
end
$$;

revoke all on function smarteros.end_leases(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.end_leases(text) to service_role;

-- functions/end_maintenance_window
-- Ends a maintenance window now, or calls it off when it has not begun. Needs `admin`. Answers whether there was one to end.
create or replace function public.end_maintenance_window(p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  update smarteros.maintenance_windows w
  set ends_at = greatest(w.starts_at, now()), ended_by = smarteros.subject()
  where w.id = p_id and w.ends_at > now() and w.ends_at > w.starts_at;
  return found;
end
$$;

revoke all on function public.end_maintenance_window(uuid) from public, anon, authenticated, service_role;
grant execute on function public.end_maintenance_window(uuid) to authenticated;
alter function public.end_maintenance_window(uuid) owner to smarteros_fn;

-- functions/enqueue_tasks
-- Enqueues tasks for the service and returns them in their order; see smarteros.insert_tasks for the fields.
create or replace function public.enqueue_tasks(p_tasks jsonb) returns setof public.tasks
language plpgsql volatile set search_path = ''
as $$
declare
  ids uuid[];
begin
  ids := array(select smarteros.insert_tasks(p_tasks));
  return query
    select t.* from unnest(ids) with ordinality as made (id, place) join public.tasks t on t.id = made.id
    order by made.place;
end
$$;

revoke all on function public.enqueue_tasks(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.enqueue_tasks(jsonb) to service_role;

-- functions/ensure_partitions
-- Makes the daily partitions (UTC) from today to p_days_ahead, but for days whose rows are in the default partition already:
-- move_default_rows makes those. It is called once, which is enough for 20 000 rows. Returns how many partitions are new.
-- Raises 23514 for p_days_ahead outside 0 to 366.
create or replace function public.ensure_partitions(p_days_ahead integer default 7) returns integer
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  day timestamptz;
  name text;
  before integer;
begin
  if p_days_ahead is null or p_days_ahead not between 0 and 366 then
    raise exception 'p_days_ahead must be 0 to 366' using errcode = '23514', constraint = 'p_days_ahead_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  before := (select count(*) from smarteros.call_partitions());
  for day in
    select d from generate_series(
      current_date::timestamptz, current_date::timestamptz + make_interval(days => p_days_ahead), interval '1 day') d
    where not exists (select from smarteros.call_partitions() p where p.from_at < d + interval '1 day' and p.to_at > d)
    order by 1
  loop
    name := 'mcp_invocations_' || to_char(day, 'YYYYMMDD');
    -- Before the look, so that no row comes into the default partition after it; and before any other lock, or who reads
    -- and then writes would meet us in a deadlock.
    lock table only public.mcp_invocations in access exclusive mode;
    continue when to_regclass('smarteros.' || name) is not null or exists (
      select from smarteros.mcp_invocations_default i
      where i.created_at >= day and i.created_at < day + interval '1 day'
    );
    perform smarteros.create_call_table(name);
    execute format('alter table public.mcp_invocations attach partition smarteros.%I for values from (%L) to (%L)',
      name, day, day + interval '1 day');
  end loop;
  perform public.move_default_rows(20000, p_days_ahead);
  return (select count(*) from smarteros.call_partitions()) - before;
end
$$;

revoke all on function public.ensure_partitions(integer) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.ensure_partitions(integer) to service_role;

-- functions/error_kind_of
-- Returns the kind of a vendor's failure from the error of a task; null without an error.
create or replace function smarteros.error_kind_of(p_error jsonb) returns text
language sql immutable set search_path = ''
as $$
  select case
    when p_error ->> 'code' in ('auth', 'forbidden', 'licence', 'not_found', 'conflict', 'validation', 'rate_limited',
      'unavailable', 'quota') then p_error ->> 'code'
    when p_error is not null then 'unknown'
  end
$$;

revoke all on function smarteros.error_kind_of(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.error_kind_of(jsonb) to service_role, smarteros_fn;

-- functions/fail_task
-- Ends an attempt without success. A task that may be retried waits for twice as long after each attempt, up to the longest
-- pause of its queue, of which the upper half is random, and at least for `p_retry_after`; without attempts left it is dead. `p_trips_breaker` counts
-- the failure against the queue. Returns the task; no row: the token is not that of the last claim, or the attempt is over.
create or replace function public.fail_task(
  p_id uuid, p_claim uuid, p_error jsonb, p_retry boolean default true, p_retry_after interval default '0',
  p_trips_breaker boolean default false
) returns setof public.tasks
language plpgsql volatile set search_path = ''
as $$
declare
  task public.tasks;
  pause interval;
  next_state text;
begin
  select t.* into task from public.tasks t
  where t.id = p_id and t.claim = p_claim and t.state = 'running' for update;
  if not found then
    return;
  end if;
  next_state := case
    when task.cancel_requested_at is not null then 'cancelled'
    when p_retry and task.attempts < task.max_attempts then 'scheduled'
    else 'dead'
  end;
  select greatest(
    least(q.retry_pause * power(2, least(task.attempts - 1, 12)), q.max_retry_pause) * (0.5 + random() / 2), p_retry_after
  ) into pause
  from public.task_queues q where q.name = task.queue;
  update public.tasks t
  set state = next_state, error = p_error, lease_until = null, claim = null,
    run_at = case when next_state = 'scheduled' then clock_timestamp() + pause else t.run_at end,
    finished_at = case when next_state <> 'scheduled' then clock_timestamp() end
  where t.id = p_id
  returning t.* into task;
  if p_trips_breaker then
    update public.task_queues q
    set failures = q.failures + 1,
      open_until = case when q.failures + 1 >= q.breaker_failures then clock_timestamp() + q.breaker_pause else q.open_until end
    where q.name = task.queue;
  end if;
  return next task;
end
$$;

revoke all on function public.fail_task(uuid, uuid, jsonb, boolean, interval, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.fail_task(uuid, uuid, jsonb, boolean, interval, boolean) to service_role;

-- functions/folded
-- Decomposed before it is folded, so that it also works where the database's locale is C and lower() knows only ASCII.
create or replace function smarteros.folded(p_text text) returns text
language sql immutable parallel safe
as $$ select lower(regexp_replace(normalize(p_text, NFD), '[\u0300-\u036f]', '', 'g')) $$;

revoke all on function smarteros.folded(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.folded(text) to authenticated;

-- functions/follow_health
-- Follows the rows of one service from where it was left, and opens and closes its incident. What comes late, for a time
-- that was followed already, is counted by the day and changes no incident. During maintenance nothing is followed.
create or replace function smarteros.follow_health(p_service text, p_down_after integer, p_up_after integer) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  state smarteros.health_states;
  seen record;
begin
  insert into smarteros.health_states (service) values (p_service) on conflict do nothing;
  select s.* into state from smarteros.health_states s where s.service = p_service for update;
  for seen in
    select h.created_at, h.status, h.error_message, smarteros.in_maintenance(h.service, h.created_at) as excluded
    from public.external_health h
    where h.service = p_service and h.created_at > state.seen_until
    order by h.created_at
    limit 2000
  loop
    state.seen_until := seen.created_at;
    if seen.excluded then
      state.successes := 0;
      if state.incident_id is null then
        state.failures := 0;
      end if;
    elsif seen.status = 'error' then
      if state.failures = 0 then
        state.failing_since := seen.created_at;
        state.reason := coalesce(seen.error_message, 'error');
      end if;
      state.failures := state.failures + 1;
      state.successes := 0;
      if state.incident_id is null and state.failures >= p_down_after then
        insert into smarteros.health_incidents (service, started_at, failures, reason)
        values (p_service, state.failing_since, state.failures, state.reason)
        returning id into state.incident_id;
      end if;
    elsif state.incident_id is null then
      state.failures := 0;
    else
      state.successes := state.successes + 1;
      if state.successes = 1 then
        state.well_since := seen.created_at;
      end if;
      if state.successes >= p_up_after then
        update smarteros.health_incidents i
        set ended_at = state.well_since, failures = state.failures where i.id = state.incident_id;
        state.incident_id := null;
        state.failures := 0;
        state.successes := 0;
      end if;
    end if;
  end loop;
  update smarteros.health_incidents i set failures = state.failures
  where i.id = state.incident_id and i.failures <> state.failures;
  update smarteros.health_states s
  set seen_until = state.seen_until, incident_id = state.incident_id, failures = state.failures,
    successes = state.successes, failing_since = state.failing_since, well_since = state.well_since,
    reason = state.reason
  where s.service = p_service;
end
$$;

revoke all on function smarteros.follow_health(text, integer, integer)
  from public, anon, authenticated, service_role, smarteros_fn;

-- functions/follow_task
-- Writes to a step what the row of its task says, and to the tenant what the task brought about, in the task's own
-- transaction. `result` of a task is {"state"?, "external_id"?, "created"?, "duplicates"?, "webhooks"?: [{"workflow", "path"}]},
-- its `error` {"code", "message"?, "remedy"?}. The state of a step stays while it is undone. Locks the run after the task, before any queue or line.
create or replace function smarteros.follow_task() returns trigger
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
  run public.provision_runs;
begin
  if new.state in ('queued', 'running') then
    -- The run is left alone: a claim of many tasks would lock their runs in any order.
    update public.provision_steps s
    set state = new.state, attempts = new.attempts, next_attempt_at = null,
      started_at = coalesce(s.started_at, new.claimed_at), finished_at = null, updated_at = clock_timestamp()
    where s.task_id = new.id and new.kind <> 'undo';
    return null;
  end if;
  select s.* into step from public.provision_steps s where s.task_id = new.id;
  if not found then
    return null;
  end if;
  select r.* into run from public.provision_runs r where r.id = step.run_id for no key update;
  if new.kind = 'undo' then
    update public.provision_steps s
    set state = case new.state
        when 'succeeded' then coalesce(new.result ->> 'state', 'undone')
        when 'scheduled' then s.state
        else 'undo_failed'
      end,
      error_kind = smarteros.error_kind_of(new.error),
      error_message = left(coalesce(new.error ->> 'message', new.error ->> 'code'), 500),
      remedy = case when new.error is not null then coalesce(new.error ->> 'remedy', 'check_worker') end,
      next_attempt_at = case when new.state = 'scheduled' then new.run_at end,
      finished_at = case when new.state = 'scheduled' then s.finished_at else clock_timestamp() end,
      updated_at = clock_timestamp()
    where s.id = step.id
    returning s.* into step;
    if step.state = 'undone' then
      perform smarteros.forget_service(step.tenant_id, step.vendor);
    end if;
    perform smarteros.settle_provision_run(step.run_id);
    return null;
  end if;
  if run.cancelled_at is not null and new.state in ('scheduled', 'cancelled') then
    if new.kind = 'provision' and exists (
      select from public.provision_intents i where i.task_id = new.id and i.settled_at is null
    ) then
      -- A creation may have reached the vendor: it is found and undone.
      update public.provision_steps s
      set task_id = smarteros.insert_step_task(s.id, 'undo'), state = 'waiting', attempts = new.attempts,
        next_attempt_at = clock_timestamp(), updated_at = clock_timestamp()
      where s.id = step.id;
    end if;
    if new.state = 'scheduled' then
      update public.tasks t set state = 'cancelled', finished_at = clock_timestamp() where t.id = new.id;
      return null;
    end if;
    perform 1 from public.provision_steps s where s.task_id = new.id;
    if not found then
      return null;
    end if;
  end if;
  update public.provision_steps s
  set state = case new.state
      when 'succeeded' then coalesce(new.result ->> 'state', 'succeeded')
      when 'scheduled' then 'waiting'
      when 'dead' then 'failed'
      else 'cancelled'
    end,
    attempts = new.attempts,
    external_id = coalesce(new.result ->> 'external_id', s.external_id),
    -- An attempt that found what an earlier attempt of the same task had sent created it as well.
    created = s.created or coalesce((new.result ->> 'created')::boolean, false) or exists (
      select from public.provision_intents i where i.task_id = new.id and i.settled_at is null
    ) and new.state = 'succeeded',
    duplicates = array(select jsonb_array_elements_text(coalesce(new.result -> 'duplicates', '[]'))),
    error_kind = case when new.state <> 'cancelled' then smarteros.error_kind_of(new.error) end,
    error_message = case when new.state <> 'cancelled' then left(coalesce(new.error ->> 'message', new.error ->> 'code'), 500) end,
    remedy = case when new.state <> 'cancelled' and new.error is not null then coalesce(new.error ->> 'remedy', 'check_worker') end,
    next_attempt_at = case when new.state = 'scheduled' then new.run_at end,
    finished_at = case when new.state <> 'scheduled' then clock_timestamp() end,
    updated_at = clock_timestamp()
  where s.id = step.id
  returning s.* into step;
  if step.state = 'succeeded' and step.action = 'remove' then
    perform smarteros.forget_service(step.tenant_id, step.vendor);
  elsif step.state in ('succeeded', 'unsupported') and step.action = 'disable' and step.external_id is not null then
    perform smarteros.record_service_id(step.tenant_id, step.vendor, step.external_id);
  elsif step.state = 'succeeded' and step.action = 'provision' then
    perform smarteros.record_service_id(step.tenant_id, step.vendor, step.external_id);
    update public.provision_intents i
    set settled_at = clock_timestamp(), settled_as = case when (new.result ->> 'created')::boolean then 'created' else 'found' end
    where i.tenant_id = step.tenant_id and i.vendor = step.vendor and i.settled_at is null;
    -- What a person registered is left as it is.
    insert into public.n8n_webhooks (tenant_id, workflow, path, registered_by)
    select step.tenant_id, made ->> 'workflow', made ->> 'path', 'system'
    from jsonb_array_elements(coalesce(new.result -> 'webhooks', '[]')) made
    on conflict (tenant_id, workflow) do update
      set path = excluded.path, updated_at = now(), removed_at = null
      where n8n_webhooks.registered_by = 'system';
  end if;
  if step.state in ('succeeded', 'unsupported') then
    update public.provision_drift d set resolved_at = now()
    where d.tenant_id = step.tenant_id and d.vendor = step.vendor and d.resolved_at is null;
  end if;
  perform smarteros.settle_provision_run(step.run_id);
  return null;
end
$$;

revoke all on function smarteros.follow_task() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger tasks_follow after update of state on public.tasks
for each row when (new.kind in ('provision', 'disable', 'remove', 'undo') and old.state is distinct from new.state)
execute function smarteros.follow_task();

-- functions/forget_delivery
-- Removes the payload of a workflow's call with its end, and what the workflow returned where its requester has given up: data
-- of workflows does not stay in the database.
create or replace function smarteros.forget_delivery() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
  new.payload := '{}';
  if new.cancel_requested_at is not null then
    new.result := null;
    new.error := new.error - 'message';
  end if;
  return new;
end
$$;

revoke all on function smarteros.forget_delivery() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger tasks_forget before update of state on public.tasks
for each row when (new.queue = 'requests' and new.kind = 'trigger' and new.finished_at is not null)
execute function smarteros.forget_delivery();

-- functions/forget_old_rollups
-- Deletes counts of calls that are gone by policy and that no time up to now reaches, nor the time before it; at most
-- 20 000 rows.
create or replace function smarteros.forget_old_rollups() returns void
language sql volatile set search_path = ''
as $$
  delete from public.call_rollups r
  where r.ctid = any (array(
    select old.ctid from public.call_rollups old
    where old.ts < now() - interval '801 days' and old.ts < (select k.kept_from from smarteros.retention k)
    limit 20000
  ))
$$;

revoke all on function smarteros.forget_old_rollups() from public, anon, authenticated, service_role, smarteros_fn;

-- functions/forget_service
-- Removes the id of a service from its tenant after its resource was removed at the vendor.
create or replace function smarteros.forget_service(p_tenant_id uuid, p_vendor text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  perform smarteros.record_service_id(p_tenant_id, p_vendor, null);
  if p_vendor = 'n8n' then
    update public.n8n_webhooks w set removed_at = now()
    where w.tenant_id = p_tenant_id and w.registered_by = 'system' and w.removed_at is null;
  end if;
end
$$;

revoke all on function smarteros.forget_service(uuid, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.forget_service(uuid, text) to service_role;

-- functions/grant_service_writes
-- Lets the service role insert and update tenants as an earlier app does, under the same constraints, or no more. Where the
-- setting service_writes is absent, it may not. For the owner of the database, after the policies.
create or replace function smarteros.grant_service_writes() returns void
language plpgsql volatile set search_path = ''
as $$
begin
  if smarteros.setting('service_writes') = 'true' then
    grant insert, update (rut, business_name, clerk_user_id, services_enabled, active, deleted_at) on public.tenants to service_role;
  else
    revoke insert, update (rut, business_name, clerk_user_id, services_enabled, active, deleted_at) on public.tenants from service_role;
  end if;
end
$$;

revoke all on function smarteros.grant_service_writes() from public, anon, authenticated, service_role, smarteros_fn;

-- functions/hand_over_tenants
-- Gives tenants of one owner to another: those of p_tenant_ids, or all of p_from's where it is null, 500 at most a call in
-- the order of their ids. Needs `admin`. Changes nothing with p_dry_run. A tenant whose RUT the new owner has active already
-- stays, as a conflict. Each that is handed over has a row in mcp_invocations and an event. Returns {"handedOver", "conflicts",
-- "notFound", "more"}, lists of ids but for `more`. Raises 23514 for an owner that is none.
create or replace function public.hand_over_tenants(p_from text, p_to text, p_tenant_ids uuid[] default null, p_dry_run boolean default true)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  at_most constant integer := 500;
  found_ids uuid[];
  conflicts uuid[];
  handed uuid[];
begin
  perform smarteros.require('admin');
  if coalesce(btrim(p_from), '') = '' or coalesce(btrim(p_to), '') = '' or p_from = p_to or char_length(p_to) > 255 then
    raise exception 'p_from and p_to must be two user ids' using errcode = '23514', constraint = 'hand_over_owners';
  end if;
  if cardinality(p_tenant_ids) > at_most then
    raise exception 'at most % tenants at a time', at_most using errcode = '23514', constraint = 'hand_over_at_most';
  end if;
  -- Both owners' locks in one order, so that no tenant is created between the look and the change.
  perform pg_advisory_xact_lock(hashtextextended('smarteros.tenant_quota:' || o, 0)) from unnest(array[p_from, p_to]) o order by o;
  found_ids := array(
    select t.id from public.tenants t
    where t.clerk_user_id = p_from and (p_tenant_ids is null or t.id = any (p_tenant_ids))
      -- Of all tenants those that stay behind are left out, so that the next call comes to others.
      and (p_tenant_ids is not null or not t.active or not exists (
        select from public.tenants twin where twin.clerk_user_id = p_to and twin.rut = t.rut and twin.active))
    order by t.id limit at_most
  );
  conflicts := array(
    select t.id from public.tenants t
    where t.clerk_user_id = p_from and t.active and (p_tenant_ids is null or t.id = any (p_tenant_ids))
      and exists (
        select from public.tenants twin where twin.clerk_user_id = p_to and twin.rut = t.rut and twin.active)
    order by t.id limit at_most
  );
  handed := array(select f from unnest(found_ids) f where not f = any (conflicts) order by 1);
  if not p_dry_run then
    update public.tenants t set clerk_user_id = p_to where t.id = any (handed);
    insert into public.tenant_events (type, tenant_id, payload)
    select 'tenant.handed_over', h, jsonb_build_object('actor', smarteros.subject(), 'from', p_from, 'to', p_to)
    from unnest(handed) h;
    insert into public.mcp_invocations (id, user_id, tool, args, result, duration_ms, tenant_id, code)
    select gen_random_uuid(), smarteros.subject(), 'tenants.handOver',
      jsonb_build_object('from', p_from, 'to', p_to)::text, '{}', 0, h, 'ok'
    from unnest(handed) h;
  end if;
  return jsonb_build_object(
    'handedOver', to_jsonb(handed),
    'conflicts', to_jsonb(conflicts),
    'notFound', to_jsonb(array(select i from unnest(p_tenant_ids) i where not i = any (found_ids))),
    'more', cardinality(found_ids) = at_most and p_tenant_ids is null
  );
end
$$;

revoke all on function public.hand_over_tenants(text, text, uuid[], boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.hand_over_tenants(text, text, uuid[], boolean) to authenticated;
alter function public.hand_over_tenants(text, text, uuid[], boolean) owner to smarteros_fn;

-- functions/head_of_line
-- Finds the first task of a line whose tenant is not at its cap. No row: there is none.
create or replace function smarteros.head_of_line(p_queue text, p_fair_key text, p_priority smallint, p_full_tenants uuid[])
returns table (id uuid, due_at timestamptz)
language plpgsql stable set search_path = ''
as $$
begin
  return query
    select t.id, t.due_at from public.tasks t
    where t.queue = p_queue and t.fair_key = p_fair_key and t.priority = p_priority and t.state = 'queued'
      and (t.tenant_id is null or t.tenant_id <> all (p_full_tenants))
    order by t.due_at, t.id
    limit 1;
end
$$;

revoke all on function smarteros.head_of_line(text, text, smallint, uuid[])
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.head_of_line(text, text, smallint, uuid[]) to service_role;

-- functions/health_timeline
-- The health of all services, or of one, over so many days that end today (UTC): by the hour for one day, else by the day.
-- A moment is in error when an incident touches it, degraded when something else was amiss. Latencies in ms, of good
-- answers; uptime is the share of good answers, maintenance left out. `countedFrom` is the first day from which on every day
-- is counted, where days before it are not yet: counting takes the newest first.
create or replace function public.health_timeline(p_days integer default 90, p_service text default null) returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  by_hour constant boolean := p_days = 1;
  step constant interval := case when by_hour then interval '1 hour' else interval '1 day' end;
  until constant timestamptz := now();
  since timestamptz;
  names text[];
  answer jsonb;
begin
  perform smarteros.require('read');
  if p_days is null or p_days not between 1 and 90 then
    raise exception 'p_days must be 1 to 90' using errcode = '23514', constraint = 'p_days_range';
  end if;
  since := case when by_hour then date_trunc('hour', until) - interval '23 hours'
    else date_trunc('day', until) - make_interval(days => p_days - 1) end;
  names := array(
    select distinct d.service from smarteros.health_days d
    where d.ts >= date_trunc('day', since) and (p_service is null or d.service = p_service)
  );
  with slot as materialized (
    select d.* from smarteros.health_days d where not by_hour and d.service = any (names) and d.ts >= since
    union all
    select c.* from smarteros.counted_health(case when by_hour then names else '{}' end, since, until, step) c
  ), incident as materialized (
    select i.* from smarteros.health_incidents i
    where coalesce(i.ended_at, 'infinity') > since and (p_service is null or i.service = p_service)
  ), bar as (
    select s.service, jsonb_agg(jsonb_build_object(
      'at', s.ts,
      'state', case
        when exists (select from incident i where i.service = s.service and i.started_at < s.ts + step
          and coalesce(i.ended_at, 'infinity') > s.ts) then 'error'
        when s.degraded + s.error > 0 then 'degraded'
        when s.ok > 0 then 'ok' else 'maintenance' end,
      'samples', s.ok + s.degraded + s.error,
      'uptime', round((s.ok + s.degraded)::numeric / nullif(s.ok + s.degraded + s.error, 0), 6),
      'p50', s.p50, 'p95', s.p95, 'p99', s.p99
    ) order by s.ts) as bars,
    sum(s.ok + s.degraded) as good, sum(s.ok + s.degraded + s.error) as samples
    from slot s
    group by 1
  ), sketch as (
    select b.service, array_agg(b.bin order by b.bin) as bins, array_agg(b.calls order by b.bin) as counts
    from (
      select s.service, pair.bin, sum(pair.calls)::integer as calls
      from slot s cross join lateral unnest(s.bins, s.counts) as pair (bin, calls)
      group by 1, 2
    ) b
    group by 1
  ), line as (
    select s.service, b.good::numeric / nullif(b.samples, 0) as uptime,
      case
        when smarteros.in_maintenance(s.service, until) then 'maintenance'
        when s.incident_id is not null then 'error'
        when last.status = 'ok' then 'ok' else 'degraded' end as state,
      last.status, last.latency_ms, last.error_message, last.created_at,
      b.bars, coalesce(b.samples, 0) as samples, k.bins, k.counts
    from smarteros.health_states s
    cross join lateral (
      select h.status, h.latency_ms, h.error_message, h.created_at from public.external_health h
      where h.service = s.service order by h.created_at desc limit 1
    ) last
    left join bar b on b.service = s.service
    left join sketch k on k.service = s.service
    where s.service = any (names)
  )
  select jsonb_build_object(
    'from', since,
    'to', until,
    'step', case when by_hour then 'hour' else 'day' end,
    'countedFrom', (
      select max(u.ts) + interval '1 day' from smarteros.health_uncounted u
      where not by_hour and u.ts >= since and u.ts < date_trunc('day', until) and (p_service is null or u.service = p_service)
    ),
    -- The worst first.
    'services', coalesce((
      select jsonb_agg(jsonb_build_object(
        'service', l.service, 'state', l.state, 'status', l.status, 'checkedAt', l.created_at,
        'latencyMs', l.latency_ms, 'error', l.error_message, 'samples', l.samples, 'uptime', round(l.uptime, 6),
        'p50', smarteros.bin_quantile(l.bins, l.counts, 0.5),
        'p95', smarteros.bin_quantile(l.bins, l.counts, 0.95),
        'p99', smarteros.bin_quantile(l.bins, l.counts, 0.99),
        'bars', coalesce(l.bars, '[]')
      ) order by array_position('{error,degraded,maintenance,ok}', l.state), l.uptime, l.service)
      from line l), '[]'),
    'incidents', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', i.id, 'service', i.service, 'from', i.started_at, 'to', i.ended_at, 'failures', i.failures,
        'reason', i.reason
      ) order by i.started_at desc)
      from (select i.* from incident i order by i.started_at desc limit 100) i), '[]'),
    'windows', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', w.id, 'service', w.service, 'from', w.starts_at, 'to', w.ends_at, 'reason', w.reason
      ) order by w.starts_at desc)
      from (
        select w.* from smarteros.maintenance_windows w
        where w.ends_at > since and w.ends_at > w.starts_at
          and (p_service is null or w.service is null or w.service = p_service)
        order by w.starts_at desc limit 100
      ) w), '[]')
  ) into answer;
  return answer;
end
$$;

revoke all on function public.health_timeline(integer, text) from public, anon, authenticated, service_role;
grant execute on function public.health_timeline(integer, text) to authenticated;
alter function public.health_timeline(integer, text) owner to smarteros_fn;

-- functions/held_task
-- Finds a running task by the token of its last claim, and locks it. No row: another worker may have it. `p_leased` demands
-- that its lease has not run out as well.
create or replace function smarteros.held_task(p_task_id uuid, p_claim uuid, p_leased boolean default false)
returns table (tenant_id uuid, vendor text)
language sql volatile set search_path = ''
as $$
  select t.tenant_id, t.queue from public.tasks t
  where t.id = p_task_id and t.claim = p_claim and t.state = 'running'
    and (not p_leased or t.lease_until > clock_timestamp())
  for no key update
$$;

revoke all on function smarteros.held_task(uuid, uuid, boolean) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.held_task(uuid, uuid, boolean) to service_role;

-- functions/hold_rows
-- Copies aside what holds keep of one partition; returns how many rows are new there. By the indexes, and not at all where
-- nothing is held: it is done once more while everybody waits for the lock.
create or replace function smarteros.hold_rows(p_partition text, p_before timestamptz) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  users constant text[] := array(
    select h.user_id from public.legal_holds h where h.released_at is null and h.user_id is not null);
  tenants constant uuid[] := array(
    select h.tenant_id from public.legal_holds h where h.released_at is null and h.tenant_id is not null);
  copied integer;
begin
  if users = '{}' and tenants = '{}' then
    return 0;
  end if;
  execute format(
    'insert into public.mcp_held_invocations
     select i.* from smarteros.%I i
     where i.created_at < $1 and (i.user_id = any ($2) or i.tenant_id = any ($3))
     on conflict do nothing', p_partition
  ) using p_before, users, tenants;
  get diagnostics copied = row_count;
  return copied;
end
$$;

revoke all on function smarteros.hold_rows(text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;

-- functions/in_maintenance
create or replace function smarteros.in_maintenance(p_service text, p_at timestamptz) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from smarteros.maintenance_windows w
    where (w.service is null or w.service = p_service) and p_at >= w.starts_at and p_at < w.ends_at
  )
$$;

revoke all on function smarteros.in_maintenance(text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.in_maintenance(text, timestamptz) to smarteros_fn;

-- functions/insert_request
-- Inserts a task whose requester waits for its result: it comes before all others, has one attempt and expires after 15 s. A
-- later claim puts it in line. `health` is requested by the system and open once. Returns its id. Raises P0001
-- `too_many_requests` for a 21st open request of one user.
create or replace function smarteros.insert_request(p_kind text, p_tenant_id uuid default null, p_payload jsonb default '{}')
returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
  at_most constant integer := 20;
  requester constant text := case when p_kind = 'health' then 'system' else smarteros.subject() end;
  open_tasks uuid[];
  task uuid;
begin
  -- One at a time for a requester, so that many concurrent ones do not all see room for one more.
  perform pg_advisory_xact_lock(hashtextextended('smarteros.requests:' || requester, 0));
  -- Those that no worker has claimed in time. One in line expires with the next claim.
  update public.tasks t set state = 'expired', finished_at = clock_timestamp()
  where t.queue = 'requests' and t.requested_by = requester and t.state = 'scheduled' and t.deadline_at < clock_timestamp();
  open_tasks := array(
    select t.id from public.tasks t
    where t.queue = 'requests' and t.requested_by = requester and t.state in ('scheduled', 'queued', 'running')
    limit at_most
  );
  if p_kind = 'health' and open_tasks <> '{}' then
    return open_tasks[1];
  end if;
  if cardinality(open_tasks) >= at_most then
    raise exception 'too_many_requests'
      using errcode = 'P0001', detail = at_most::text, hint = 'Wait until some of them are over.';
  end if;
  insert into public.tasks (queue, kind, tenant_id, fair_key, priority, payload, deadline_at, max_attempts, dedupe_key,
    requested_by)
  values ('requests', p_kind, p_tenant_id,
    coalesce((select t.clerk_user_id from public.tenants t where t.id = p_tenant_id), requester), 0, p_payload,
    clock_timestamp() + interval '15 seconds', 1, case when p_kind = 'health' then 'health' end, requester)
  returning id into task;
  perform smarteros.wake_workers(array['requests']);
  return task;
end
$$;

revoke all on function smarteros.insert_request(text, uuid, jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.insert_request(text, uuid, jsonb) to smarteros_fn;

-- functions/insert_step_task
-- Makes the task of a step, which a later claim puts in line: a lock of the line here could wait for a claim that waits for
-- the run. What a person requested comes before what an event did. Returns its id.
create or replace function smarteros.insert_step_task(p_step_id uuid, p_kind text, p_traceparent text default null) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
  task uuid;
  vendor text;
begin
  insert into public.tasks (queue, kind, tenant_id, fair_key, priority, payload, max_attempts, requested_by, traceparent)
  select s.vendor, p_kind, s.tenant_id, t.clerk_user_id, case when r.event_id is null then 1 else 2 end,
    jsonb_build_object('run_id', s.run_id), q.max_attempts, r.requested_by, p_traceparent
  from public.provision_steps s
  join public.provision_runs r on r.id = s.run_id
  join public.tenants t on t.id = s.tenant_id
  join public.task_queues q on q.name = s.vendor
  where s.id = p_step_id
  returning id, queue into task, vendor;
  perform smarteros.wake_workers(array[vendor]);
  return task;
end
$$;

revoke all on function smarteros.insert_step_task(uuid, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.insert_step_task(uuid, text, text) to service_role, smarteros_fn;

-- functions/insert_tasks
-- Inserts tasks and puts those in line that are due. `p_tasks` is [{"queue", "kind", "requested_by", "tenant_id"?,
-- "fair_key"?, "priority"?, "payload"?, "run_at"?, "run_after"?, "deadline_at"?, "max_attempts"?, "dedupe_key"?, "traceparent"?}], at most
-- 1000. Returns the id of each in their order; for a dedupe key that is open in its queue, that of the open task. The fair
-- key is the owner of the tenant, else the one given, else the requester.
create or replace function smarteros.insert_tasks(p_tasks jsonb, p_parent_id uuid default null)
returns setof uuid
language plpgsql volatile set search_path = ''
as $$
declare
  given record;
  task public.tasks;
  ids uuid[] := '{}';
  due uuid[] := '{}';
  idle text[];
begin
  if jsonb_typeof(p_tasks) is distinct from 'array' or jsonb_array_length(p_tasks) > 1000 then
    raise exception 'tasks_not_a_list'
      using errcode = '22023', detail = 'p_tasks must be an array of at most 1000 tasks.';
  end if;
  insert into public.task_queues (name)
  select distinct it ->> 'queue' from jsonb_array_elements(p_tasks) it order by 1
  on conflict (name) do nothing;
  for given in
    select new.*, coalesce(t.clerk_user_id, new.fair_key, new.requested_by) as key,
      coalesce(new.max_attempts, q.max_attempts) as attempts
    from jsonb_array_elements(p_tasks) with ordinality as item (it, number)
    cross join jsonb_to_record(item.it) as new (queue text, kind text, requested_by text, tenant_id uuid, fair_key text,
      priority smallint, payload jsonb, run_at timestamptz, run_after interval, deadline_at timestamptz, max_attempts smallint, dedupe_key text,
      traceparent text)
    join public.task_queues q on q.name = new.queue
    left join public.tenants t on t.id = new.tenant_id
    order by item.number
  loop
    -- Repeated, because the open task of the key may end between the insert and the look at it.
    loop
      insert into public.tasks (queue, kind, tenant_id, fair_key, priority, payload, run_at, deadline_at, max_attempts,
        dedupe_key, requested_by, traceparent, parent_id)
      values (given.queue, given.kind, given.tenant_id, given.key, coalesce(given.priority, 2),
        coalesce(given.payload, '{}'), coalesce(given.run_at, now() + coalesce(given.run_after, '0')), given.deadline_at, given.attempts,
        given.dedupe_key, given.requested_by, given.traceparent, p_parent_id)
      on conflict (queue, dedupe_key) where dedupe_key is not null and state in ('scheduled', 'queued', 'running') do nothing
      returning * into task;
      if found then
        if task.run_at <= now() then
          due := due || task.id;
        end if;
        exit;
      end if;
      select t.* into task from public.tasks t
      where t.queue = given.queue and t.dedupe_key = given.dedupe_key and t.state in ('scheduled', 'queued', 'running');
      exit when found;
    end loop;
    ids := ids || task.id;
  end loop;
  if due <> '{}' then
    -- Commits that notify wait for each other. Where tasks are in line already, workers ask by themselves.
    idle := array(
      select distinct t.queue from public.tasks t
      where t.id = any (due) and not exists (select from public.task_lines l where l.queue = t.queue)
    );
    perform smarteros.line_up(due);
    if idle <> '{}' then
      perform smarteros.wake_workers(idle);
    end if;
  end if;
  return query select unnest(ids);
end
$$;

revoke all on function smarteros.insert_tasks(jsonb, uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.insert_tasks(jsonb, uuid) to service_role, smarteros_fn;

-- functions/is_code
-- True for a code of `ErrorCode` in @smarteros/core, and for ok.
create or replace function smarteros.is_code(p_code text) returns boolean
language sql immutable parallel safe
as $$
  select p_code in ('ok', 'mcp_disabled', 'unauthorized', 'forbidden', 'invalid_json', 'missing_name', 'invalid_input',
    'method_not_allowed', 'unsupported_media_type', 'payload_too_large', 'tool_not_found', 'not_found', 'conflict',
    'quota_exceeded', 'rate_limited', 'cancelled', 'upstream_error', 'upstream_timeout', 'deadline_exceeded',
    'unavailable', 'internal')
$$;

revoke all on function smarteros.is_code(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.is_code(text) to smarteros_fn;

-- functions/is_held
create or replace function smarteros.is_held(p_user_id text, p_tenant_id uuid) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from public.legal_holds h
    where h.released_at is null and (h.user_id = p_user_id or h.tenant_id = p_tenant_id)
  )
$$;

revoke all on function smarteros.is_held(text, uuid) from public, anon, authenticated, service_role, smarteros_fn;

-- functions/is_run_cancelled
-- Returns whether the run of a step's task was cancelled: a cancellation leaves out a task that another transaction has locked.
-- The task that undoes the step continues.
create or replace function smarteros.is_run_cancelled(p_task_id uuid, p_kind text) returns boolean
language sql stable set search_path = ''
as $$
  select p_kind <> 'undo' and exists (
    select from public.provision_steps s join public.provision_runs r on r.id = s.run_id
    where s.task_id = p_task_id and r.cancelled_at is not null
  )
$$;

revoke all on function smarteros.is_run_cancelled(uuid, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.is_run_cancelled(uuid, text) to service_role;

-- functions/latency_bin
-- (1 + 1 %) / (1 - 1 %): how much wider each bin is than the one before. Without a search path of their own, because such
-- a function is called for each row instead of written into the query.
create or replace function smarteros.latency_bin(p_ms integer) returns smallint
language sql immutable parallel safe
as $$ select case when p_ms < 1 then -1 else ceil(ln(p_ms::float8) / ln(1.01 / 0.99)) end::smallint $$;

revoke all on function smarteros.latency_bin(integer) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.latency_bin(integer) to authenticated, smarteros_fn;

-- functions/leave_line
-- Takes tasks out of a line whose rows are no longer queued, and finds its new head. Two statements, because the head is
-- found among the rows that are there once the line is locked.
create or replace function smarteros.leave_line(p_queue text, p_fair_key text, p_priority smallint, p_tasks integer default 1)
returns void
language plpgsql volatile set search_path = ''
as $$
declare
  waiting integer;
begin
  select l.waiting into waiting from public.task_lines l
  where l.queue = p_queue and l.fair_key = p_fair_key and l.priority = p_priority
  for update;
  if waiting <= p_tasks then
    delete from public.task_lines l
    where l.queue = p_queue and l.fair_key = p_fair_key and l.priority = p_priority;
    return;
  end if;
  update public.task_lines l
  set waiting = l.waiting - p_tasks,
    head_due_at = (
      select t.due_at from public.tasks t
      where t.queue = p_queue and t.fair_key = p_fair_key and t.priority = p_priority and t.state = 'queued'
      order by t.due_at, t.id
      limit 1
    )
  where l.queue = p_queue and l.fair_key = p_fair_key and l.priority = p_priority;
end
$$;

revoke all on function smarteros.leave_line(text, text, smallint, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.leave_line(text, text, smallint, integer) to service_role, smarteros_fn;

-- functions/line_up
-- Puts scheduled tasks in line, in the order given: due now, plus the slack of their priority, plus a slice for each open task of
-- their key in the queue. Locks the lines in one order, so that two calls cannot wait for each other.
create or replace function smarteros.line_up(p_ids uuid[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  line record;
  first_due timestamptz;
  ahead integer;
  before integer;
begin
  for line in
    select t.queue, t.fair_key, t.priority, q.slice, count(*)::integer as tasks, array_agg(t.id order by given.place) as ids
    from unnest(p_ids) with ordinality as given (id, place)
    join public.tasks t on t.id = given.id
    join public.task_queues q on q.name = t.queue
    group by t.queue, t.fair_key, t.priority, q.slice
    order by t.queue, t.fair_key, t.priority
  loop
    ahead := (
      select count(*) from public.tasks t
      where t.queue = line.queue and t.fair_key = line.fair_key and t.state = 'running' and t.id <> all (line.ids)
    ) + coalesce((
      select sum(l.waiting) from public.task_lines l
      where l.queue = line.queue and l.fair_key = line.fair_key and l.priority <> line.priority
    ), 0);
    first_due := clock_timestamp() + smarteros.task_slack(line.priority) + line.slice * ahead;
    insert into public.task_lines as l (queue, fair_key, priority, waiting, head_due_at)
    values (line.queue, line.fair_key, line.priority, line.tasks, first_due)
    on conflict (queue, fair_key, priority) do update
      set waiting = l.waiting + line.tasks,
        head_due_at = least(l.head_due_at, first_due + line.slice * l.waiting)
    returning l.waiting - line.tasks into before;
    update public.tasks t
    set state = 'queued', lease_until = null, due_at = first_due + line.slice * (before + place.number - 1)
    from unnest(line.ids) with ordinality as place (id, number)
    where t.id = place.id;
  end loop;
end
$$;

revoke all on function smarteros.line_up(uuid[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.line_up(uuid[]) to service_role, smarteros_fn;

-- functions/list_tenants
-- Two branches, because `p_owner is null or clerk_user_id = p_owner` hides the index from a plan that does not know
-- the arguments, as PostgREST's do not. The branch that does not apply is never run.
create or replace function public.list_tenants(
  p_limit integer default 50,
  p_before timestamptz default null,
  p_before_id uuid default null,
  p_include_inactive boolean default false,
  p_search text default null,
  p_owner text default null
) returns setof public.tenants
language sql stable security invoker
as $$
  select page.*
  from (
    (
      select t.*
      from public.tenants t
      where t.clerk_user_id = (
          select coalesce(p_owner, case when not smarteros.sees_all_tenants() then smarteros.subject() end)
        )
        and (t.created_at, t.id)
          < (coalesce(p_before, 'infinity'), coalesce(p_before_id, '00000000-0000-0000-0000-000000000000'))
        and (p_include_inactive or t.active)
        and (p_search is null or smarteros.tenant_matches(t.business_name, t.rut, p_search))
      order by t.created_at desc, t.id desc
      limit least(greatest(coalesce(p_limit, 50), 1), 200)
    )
    union all
    (
      select t.*
      from public.tenants t
      where p_owner is null
        and (select smarteros.sees_all_tenants())
        and (t.created_at, t.id)
          < (coalesce(p_before, 'infinity'), coalesce(p_before_id, '00000000-0000-0000-0000-000000000000'))
        and (p_include_inactive or t.active)
        and (p_search is null or smarteros.tenant_matches(t.business_name, t.rut, p_search))
      order by t.created_at desc, t.id desc
      limit least(greatest(coalesce(p_limit, 50), 1), 200)
    )
  ) page
  order by page.created_at desc, page.id desc
$$;

revoke all on function public.list_tenants(integer, timestamptz, uuid, boolean, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.list_tenants(integer, timestamptz, uuid, boolean, text, text) to authenticated;

-- functions/mark_health
-- An update, so that a counting under way is waited for: its mark goes, and ours comes after.
create or replace function smarteros.mark_health() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into smarteros.health_uncounted as u (service, ts)
  select distinct w.service, date_trunc('day', w.created_at, 'UTC') from written w order by 1, 2
  on conflict (service, ts) do update set marked_at = excluded.marked_at;
  return null;
end
$$;

revoke all on function smarteros.mark_health() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger external_health_mark after insert on public.external_health
  referencing new table as written for each statement execute function smarteros.mark_health();

-- functions/mark_maintenance
-- Days that have begun are counted anew when what is maintenance changes.
create or replace function smarteros.mark_maintenance() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into smarteros.health_uncounted as u (service, ts)
  select d.service, d.ts from smarteros.health_days d
  where (new.service is null or d.service = new.service)
    and d.ts >= date_trunc('day', new.starts_at, 'UTC')
    and d.ts < case when tg_op = 'UPDATE' then greatest(old.ends_at, new.ends_at) else new.ends_at end
  order by 1, 2
  on conflict (service, ts) do update set marked_at = excluded.marked_at;
  return null;
end
$$;

revoke all on function smarteros.mark_maintenance() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger maintenance_windows_mark after insert or update on smarteros.maintenance_windows
  for each row execute function smarteros.mark_maintenance();

-- functions/mark_rollup
-- Marks what is to be counted again, from its beginning.
create or replace function smarteros.mark_rollup(p_resolution text, p_ts timestamptz) returns void
language sql volatile set search_path = ''
as $$
  insert into smarteros.rollup_work (resolution, ts) values (p_resolution, p_ts)
  on conflict (resolution, ts) do update set part = 'all', after_key = ''
$$;

revoke all on function smarteros.mark_rollup(text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;

-- functions/merge_services
-- One statement, so that two merges at the same moment both hold. A tenant of someone else is not there.
create or replace function public.merge_services(p_id uuid, p_services jsonb)
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
declare
  merged public.tenants;
begin
  perform smarteros.require('write');
  update public.tenants t
  set services_enabled = t.services_enabled || coalesce(p_services, '{}')
  where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
  returning t.* into merged;
  if not found then
    return;
  end if;
  if not merged.active then
    raise exception 'tenant_deleted'
      using errcode = 'P0001', detail = 'The tenant is deleted; its services cannot change.', hint = 'Restore it first.';
  end if;
  return next merged;
end
$$;

revoke all on function public.merge_services(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.merge_services(uuid, jsonb) to authenticated;
alter function public.merge_services(uuid, jsonb) owner to smarteros_fn;

-- functions/move_default_rows
-- Moves rows that fell into the default partition, because no one called ensure_partitions for some days, to partitions of
-- their days up to p_days_ahead: p_rows at a time into new tables, which then take the default partition's place at once.
-- Without that no partition for their day could be made and retention would not reach them. Returns whether there is more
-- to do. May be called at any time and side by side. Raises 23514 for an argument out of range.
create or replace function public.move_default_rows(p_rows integer default 20000, p_days_ahead integer default 7) returns boolean
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  limit_at constant timestamptz := current_date::timestamptz + make_interval(days => p_days_ahead + 1);
  day timestamptz;
  next timestamptz;
  part record;
begin
  if p_rows is null or p_rows not between 1 and 100000 then
    raise exception 'p_rows must be 1 to 100000' using errcode = '23514', constraint = 'p_rows_range';
  end if;
  if p_days_ahead is null or p_days_ahead not between 0 and 366 then
    raise exception 'p_days_ahead must be 0 to 366' using errcode = '23514', constraint = 'p_days_ahead_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  if exists (select from smarteros.partition_move m where m.week is not null) then
    return true;
  end if;
  if not exists (select from smarteros.partition_move) then
    if not exists (select from smarteros.mcp_invocations_default i where i.created_at < limit_at) then
      return false;
    end if;
    create table smarteros.moving_calls (like public.mcp_invocations including defaults) partition by range (created_at);
    alter table smarteros.moving_calls add primary key (id, created_at);
    alter table smarteros.moving_calls enable row level security;
    alter table smarteros.moving_calls force row level security;
    revoke all on smarteros.moving_calls from public, anon, authenticated, service_role, smarteros_fn;
    perform smarteros.create_call_table('moving_default');
    alter table smarteros.moving_calls attach partition smarteros.moving_default default;
    insert into smarteros.partition_move default values;
  end if;
  -- A table for each day that has rows. A day whose rows are in moving_default already waits for the next move.
  next := '-infinity';
  loop
    select min(i.created_at) into next from smarteros.mcp_invocations_default i
    where i.created_at >= next and i.created_at < limit_at;
    exit when next is null;
    day := date_trunc('day', next);
    next := day + interval '1 day';
    continue when to_regclass('smarteros.mcp_invocations_' || to_char(day, 'YYYYMMDD')) is not null
      or exists (select from smarteros.moving_default i where i.created_at >= day and i.created_at < next);
    perform smarteros.create_call_table('mcp_invocations_' || to_char(day, 'YYYYMMDD'));
    execute format('alter table smarteros.moving_calls attach partition smarteros.%I for values from (%L) to (%L)',
      'mcp_invocations_' || to_char(day, 'YYYYMMDD'), day, next);
  end loop;
  if not smarteros.copy_calls(p_rows) then
    return true;
  end if;
  lock table only public.mcp_invocations in access exclusive mode;
  -- What came during the copying, also from transactions that began before it.
  insert into smarteros.moving_calls
  select i.* from smarteros.mcp_invocations_default i
  where i.recorded_at >= (select m.started_at - interval '10 minutes' from smarteros.partition_move m)
  on conflict do nothing;
  drop table smarteros.mcp_invocations_default;
  for part in
    select c.relname::text as name, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_catalog.pg_inherits h join pg_catalog.pg_class c on c.oid = h.inhrelid
    where h.inhparent = 'smarteros.moving_calls'::regclass
    order by 1
  loop
    execute format('alter table smarteros.moving_calls detach partition smarteros.%I', part.name);
    execute format('alter table public.mcp_invocations attach partition smarteros.%I %s', part.name, part.bound);
  end loop;
  alter table smarteros.moving_default rename to mcp_invocations_default;
  drop table smarteros.moving_calls;
  delete from smarteros.partition_move m where m.one;
  return false;
end
$$;

revoke all on function public.move_default_rows(integer, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.move_default_rows(integer, integer) to service_role;

-- functions/mute_alert_rule
-- A moment that has passed ends the mute.
create or replace function public.mute_alert_rule(p_rule text, p_until timestamptz) returns setof public.alert_mutes
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.alert_mutes as m (rule, until, muted_by) values (p_rule, p_until, smarteros.subject())
    on conflict (rule) do update set until = excluded.until, muted_by = excluded.muted_by
    returning m.*;
end
$$;

revoke all on function public.mute_alert_rule(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.mute_alert_rule(text, timestamptz) to authenticated;
alter function public.mute_alert_rule(text, timestamptz) owner to smarteros_fn;

-- functions/needed_from
-- Returns the time from which on retention may drop nothing: the first day that is still to be counted and, where the log is
-- sealed, the first call that arrived after the last seal.
create or replace function smarteros.needed_from(p_sealed boolean) returns timestamptz
language plpgsql stable set search_path = '' set timezone = 'UTC'
as $$
declare
  sealed_until timestamptz;
  unsealed timestamptz;
begin
  if p_sealed then
    select coalesce(max(s.hour) + interval '1 hour', '-infinity') into sealed_until from smarteros.audit_seals s;
    select min(i.created_at) into unsealed from public.mcp_invocations i where i.recorded_at >= sealed_until;
  end if;
  return least(
    coalesce(smarteros.counted_until('day'), (select min(i.created_at) from public.mcp_invocations i)),
    (select min(w.ts) from smarteros.rollup_work w),
    unsealed
  );
end
$$;

revoke all on function smarteros.needed_from(boolean) from public, anon, authenticated, service_role, smarteros_fn;

-- functions/next_counted
-- Returns the first time from p_from on that has counts of a resolution; null where there is none.
create or replace function smarteros.next_counted(p_resolution text, p_from timestamptz) returns timestamptz
language sql stable set search_path = ''
as $$
  select min(first.ts)
  from unnest('{all,self}'::text[]) as of (scope)
  cross join lateral (
    select r.ts from public.call_rollups r
    where r.resolution = p_resolution and r.scope = of.scope and r.scope_key = '' and r.tool = '' and r.ts >= p_from
    order by r.ts limit 1
  ) first
$$;

revoke all on function smarteros.next_counted(text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;

-- functions/note_provision_drift
-- Writes what a comparison of the vendors named in `p_checked` found: what is apart stands, since when it was first seen
-- so, and what is not is resolved. Each of them counts as compared now. `p_found` is [{"vendor", "kind", "external_id", "seen_name"}].
create or replace function public.note_provision_drift(p_tenant_id uuid, p_checked text[], p_found jsonb)
returns setof public.provision_drift
language plpgsql volatile set search_path = ''
as $$
begin
  insert into public.provision_comparisons as c (tenant_id, vendor)
  select p_tenant_id, checked from unnest(p_checked) checked
  on conflict (tenant_id, vendor) do update set compared_at = clock_timestamp();
  update public.provision_drift d
  set resolved_at = now()
  where d.tenant_id = p_tenant_id
    and d.resolved_at is null
    and d.vendor = any (p_checked)
    and d.vendor not in (select apart ->> 'vendor' from jsonb_array_elements(p_found) apart);
  return query
    insert into public.provision_drift as d (tenant_id, vendor, kind, external_id, seen_name)
    select p_tenant_id, apart ->> 'vendor', apart ->> 'kind', apart ->> 'external_id', left(apart ->> 'seen_name', 255)
    from jsonb_array_elements(p_found) apart
    on conflict (tenant_id, vendor) do update
      set kind = excluded.kind,
        external_id = excluded.external_id,
        seen_name = excluded.seen_name,
        found_at = case when d.kind = excluded.kind and d.resolved_at is null then d.found_at else now() end,
        resolved_at = null
    returning d.*;
end
$$;

revoke all on function public.note_provision_drift(uuid, text[], jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.note_provision_drift(uuid, text[], jsonb) to service_role;

-- functions/observe_calls
-- Calls, failures and slow calls by tool, of windows that end now: [{minutes, tool, calls, failed, slow}]. Whole hours
-- that are counted come from the roll-ups, the rest from the calls. A caller's mistake is no failure, a call that
-- the limit turned away is none at all, and what users report themselves opens and hides nothing. A latency is known to 1 %.
create or replace function smarteros.observe_calls(p_minutes integer[], p_slow_ms integer[], p_now timestamptz) returns jsonb
language sql stable set search_path = '' set timezone = 'UTC'
as $$
  with bounds as (
    select m.minutes, p_now - make_interval(mins => m.minutes) as since,
      date_trunc('hour', p_now - make_interval(mins => m.minutes) + interval '1 hour' - interval '1 microsecond') as hours_from,
      least(date_trunc('hour', p_now), coalesce(smarteros.rolled_up_until(), '-infinity')) as hours_to
    from (select distinct unnest(p_minutes) as minutes) m
  ), windows as (
    select b.minutes, b.since,
      case when b.hours_to > b.hours_from then b.hours_from else p_now end as hours_from,
      case when b.hours_to > b.hours_from then b.hours_to else p_now end as hours_to
    from bounds b
  ), threshold as materialized (
    select slow_ms, smarteros.latency_bin(slow_ms) as bin from (select distinct unnest(p_slow_ms) as slow_ms) t
  ), span as (
    select w.minutes, w.since as since, w.hours_from as until from windows w
    union all
    select w.minutes, w.hours_to, p_now from windows w
  ), raw as materialized (
    select s.minutes, i.tool, i.duration_ms
    from span s
    join public.mcp_invocations i on i.created_at >= s.since and i.created_at < s.until
    where i.code is distinct from 'rate_limited' and i.recorded_by = 'service'
  ), rolled as materialized (
    select w.minutes, r.tool, r.calls, r.bins, r.counts
    from windows w
    join public.call_rollups r on r.resolution = 'hour' and r.scope = 'all' and r.scope_key = '' and r.tool <> ''
      and r.ts >= w.hours_from and r.ts < w.hours_to
  ), counted as (
    select c.minutes, c.tool, sum(c.calls) as calls
    from (
      select r.minutes, r.tool, count(*) as calls from raw r group by 1, 2
      union all
      select r.minutes, r.tool, sum(r.calls) from rolled r group by 1, 2
    ) c
    group by 1, 2
  ), slow as (
    select c.minutes, c.tool, jsonb_object_agg(c.slow_ms::text, c.calls) as slow
    from (
      select p.minutes, p.tool, p.slow_ms, sum(p.calls) as calls
      from (
        select r.minutes, r.tool, t.slow_ms, count(*) filter (where r.duration_ms > t.slow_ms) as calls
        from raw r cross join threshold t
        group by 1, 2, 3
        union all
        -- Bins stand in order: the counts of those above the threshold's are the end of the list.
        select r.minutes, r.tool, t.slow_ms,
          sum((select coalesce(sum(n), 0) from unnest(r.counts[width_bucket(t.bin, r.bins) + 1:]) n))
        from rolled r cross join threshold t
        where cardinality(r.bins) > 0
        group by 1, 2, 3
      ) p
      group by 1, 2, 3
    ) c
    group by 1, 2
  ), failed as (
    select w.minutes, i.tool, count(*) as failed
    from windows w
    join public.mcp_invocations i on i.created_at >= w.since and i.created_at < p_now
    where i.code in ('internal', 'upstream_error', 'upstream_timeout', 'deadline_exceeded', 'unavailable')
      and i.recorded_by = 'service'
    group by 1, 2
  )
  select coalesce(
    jsonb_agg(
      jsonb_build_object('minutes', c.minutes, 'tool', c.tool, 'calls', c.calls, 'failed', coalesce(f.failed, 0),
        'slow', coalesce(s.slow, '{}'))
    ),
    '[]'
  )
  from counted c
  left join failed f on f.minutes = c.minutes and f.tool = c.tool
  left join slow s on s.minutes = c.minutes and s.tool = c.tool
$$;

revoke all on function smarteros.observe_calls(integer[], integer[], timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;

-- functions/observe_probes
-- The newest probe of each service that was probed within a day.
create or replace function smarteros.observe_probes() returns jsonb
language sql stable set search_path = ''
as $$
  with recursive service as (
    (select h.service from public.external_health h order by h.service limit 1)
    union all
    select (select h.service from public.external_health h where h.service > s.service order by h.service limit 1)
    from service s where s.service is not null
  )
  select coalesce(
    jsonb_agg(
      jsonb_build_object('service', s.service, 'status', h.status, 'error', h.error_message, 'at', h.created_at)
    ),
    '[]'
  )
  from service s
  cross join lateral (
    select h.status, h.error_message, h.created_at from public.external_health h
    where h.service = s.service order by h.created_at desc limit 1
  ) h
  where h.created_at > now() - interval '1 day'
$$;

revoke all on function smarteros.observe_probes() from public, anon, authenticated, service_role, smarteros_fn;

-- functions/observe_provisioning
-- Steps that failed, or failed to be undone, within an hour, by vendor, of the vendors with a step that ended within a day; and
-- under `events` the events of tenants that failed five times and wait for a comparison with repair.
create or replace function smarteros.observe_provisioning() returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(
    jsonb_agg(jsonb_build_object('vendor', v.vendor, 'failed', v.failed, 'kinds', coalesce(v.kinds, '{}'))), '[]'
  )
  from (
    select s.vendor,
      count(*) filter (where s.state in ('failed', 'undo_failed') and s.finished_at > now() - interval '1 hour') as failed,
      array_agg(distinct s.error_kind) filter (
        where s.state in ('failed', 'undo_failed') and s.error_kind is not null and s.finished_at > now() - interval '1 hour'
      ) as kinds
    from public.provision_steps s
    where s.finished_at > now() - interval '1 day'
    group by s.vendor
    union all
    select 'events', count(*), null from public.tenant_events e where e.processed_at is null and e.attempts >= 5
    having count(*) > 0
  ) v
$$;

revoke all on function smarteros.observe_provisioning() from public, anon, authenticated, service_role, smarteros_fn;

-- functions/open_creation
-- Reads the open creation of a tenant at a vendor, with its age in milliseconds. No row: none is open.
create or replace function public.open_creation(p_tenant_id uuid, p_vendor text)
returns table (age_ms double precision, empty_searches integer, doubtful boolean)
language sql stable set search_path = ''
as $$
  select extract(epoch from clock_timestamp() - i.opened_at) * 1000, i.empty_searches, i.doubtful
  from public.provision_intents i
  where i.tenant_id = p_tenant_id and i.vendor = p_vendor and i.settled_at is null
$$;

revoke all on function public.open_creation(uuid, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.open_creation(uuid, text) to service_role;

-- functions/open_intents
create or replace function smarteros.open_intents() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into public.mcp_open_intents (id, user_id, recorded_by) select w.id, w.user_id, w.recorded_by from written w;
  return null;
end
$$;

revoke all on function smarteros.open_intents() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger mcp_intents_open after insert on public.mcp_intents
  referencing new table as written for each statement execute function smarteros.open_intents();

-- functions/open_provision_run
-- Opens a run for the service; see smarteros.open_run. No row: no such tenant, or all of the steps are held.
create or replace function public.open_provision_run(
  p_tenant_id uuid,
  p_steps jsonb,
  p_requested_by text,
  p_event_id bigint default null,
  p_request_id text default null,
  p_traceparent text default null
) returns setof public.provision_runs
language plpgsql volatile set search_path = ''
as $$
declare
  opened constant uuid := smarteros.open_run(p_tenant_id, p_steps, p_requested_by, p_event_id, p_request_id, p_traceparent);
begin
  return query select r.* from public.provision_runs r where r.id = opened;
end
$$;

revoke all on function public.open_provision_run(uuid, jsonb, text, bigint, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.open_provision_run(uuid, jsonb, text, bigint, text, text) to service_role;

-- functions/open_run
-- Opens a run with its tasks, or finds the one that is open for the same steps, or that this event has opened already.
-- Returns its id; null where there is no such tenant or all of the steps are held. Steps of held services are left out: nothing
-- is done to them at a vendor. `p_steps` is [{"vendor", "action"}].
create or replace function smarteros.open_run(
  p_tenant_id uuid, p_steps jsonb, p_requested_by text, p_event_id bigint, p_request_id text, p_traceparent text
) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
  run uuid;
  steps jsonb;
begin
  -- One at a time for a tenant, so that two concurrent requests get the same run.
  perform 1 from public.tenants t where t.id = p_tenant_id for no key update;
  if not found then
    return null;
  end if;
  select coalesce(jsonb_agg(given), '[]') into steps
  from jsonb_array_elements(p_steps) given
  where not exists (
    select from public.provision_holds h where h.tenant_id = p_tenant_id and h.vendor = given ->> 'vendor' and h.released_at is null
  );
  if steps = '[]' then
    return null;
  end if;
  select r.id into run
  from public.provision_runs r
  where r.event_id = p_event_id
    or (
      p_event_id is null
      and r.tenant_id = p_tenant_id
      and r.finished_at is null
      and (
        select jsonb_agg(jsonb_build_array(s.vendor, s.action) order by s.vendor)
        from public.provision_steps s
        where s.run_id = r.id
      ) = (
        select jsonb_agg(jsonb_build_array(given ->> 'vendor', given ->> 'action') order by given ->> 'vendor')
        from jsonb_array_elements(steps) given
      )
    )
  order by r.created_at
  limit 1;
  if found then
    return run;
  end if;
  insert into public.provision_runs (tenant_id, requested_by, event_id, request_id)
  values (p_tenant_id, p_requested_by, p_event_id, p_request_id)
  returning id into run;
  insert into public.task_queues (name, max_running, max_per_tenant, lease, max_retry_pause)
  select distinct given ->> 'vendor', 8, 1, interval '20 seconds', interval '2 minutes' from jsonb_array_elements(steps) given
  on conflict (name) do nothing;
  insert into public.provision_steps (run_id, tenant_id, vendor, action)
  select run, p_tenant_id, given ->> 'vendor', given ->> 'action' from jsonb_array_elements(steps) given;
  update public.provision_steps s set task_id = smarteros.insert_step_task(s.id, s.action, p_traceparent)
  where s.run_id = run;
  return run;
end
$$;

revoke all on function smarteros.open_run(uuid, jsonb, text, bigint, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.open_run(uuid, jsonb, text, bigint, text, text) to service_role, smarteros_fn;

-- functions/pause_queue
-- Pauses a queue, so that no task of it is claimed, or resumes it. Running tasks continue. No row: no such queue.
create or replace function public.pause_queue(p_name text, p_paused boolean default true) returns setof public.task_queues
language plpgsql volatile set search_path = ''
as $$
begin
  return query
    update public.task_queues q
    set paused_at = case when p_paused then coalesce(q.paused_at, clock_timestamp()) end
    where q.name = p_name
    returning q.*;
  if not p_paused then
    perform smarteros.wake_workers(array[p_name]);
  end if;
end
$$;

revoke all on function public.pause_queue(text, boolean) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.pause_queue(text, boolean) to service_role;

-- functions/ping
-- What a health probe calls: the one thing that anon may execute.
create or replace function public.ping() returns boolean
language sql stable set search_path = ''
as $$ select true $$;

revoke all on function public.ping() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.ping() to anon, authenticated, service_role;

-- functions/postpone_task
-- Gives a running task back until a later time, because what it waits for is not there yet; it holds no slot until then, and
-- the attempt is not counted. No row: the token is not that of the last claim, or the attempt is over.
create or replace function public.postpone_task(p_id uuid, p_claim uuid, p_for interval, p_progress jsonb default null)
returns setof public.tasks
language sql volatile set search_path = ''
as $$
  update public.tasks t
  set state = case when t.cancel_requested_at is null then 'scheduled' else 'cancelled' end,
    finished_at = case when t.cancel_requested_at is null then null else clock_timestamp() end,
    run_at = clock_timestamp() + greatest(p_for, interval '0'), attempts = t.attempts - 1, lease_until = null, claim = null,
    progress = coalesce(p_progress, t.progress)
  where t.id = p_id and t.claim = p_claim and t.state = 'running'
  returning t.*
$$;

revoke all on function public.postpone_task(uuid, uuid, interval, jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.postpone_task(uuid, uuid, interval, jsonb) to service_role;

-- functions/prepare_claim
-- Brings a queue up to date before a claim, a bounded number of rows each time: tasks whose time has come, tasks past their
-- deadline, and what workflows returned that no one has taken within a minute.
create or replace function smarteros.prepare_claim(p_queue text) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  ids uuid[];
  line record;
begin
  select array_agg(due.id order by due.run_at) into ids
  from (
    select t.id, t.run_at from public.tasks t
    where t.queue = p_queue and t.state = 'scheduled' and t.run_at <= clock_timestamp()
    order by t.run_at limit 1000
    for update skip locked
  ) due;
  if ids is not null then
    perform smarteros.line_up(ids);
  end if;

  for line in
    with late as (
      select t.id, t.state from public.tasks t
      where t.queue = p_queue and t.deadline_at < clock_timestamp() and t.state in ('scheduled', 'queued')
      order by t.deadline_at limit 100
      for update skip locked
    ), expired as (
      update public.tasks t set state = 'expired', finished_at = clock_timestamp()
      from late where t.id = late.id
      returning t.fair_key, t.priority, late.state
    )
    select e.fair_key, e.priority, count(*)::integer as tasks from expired e where e.state = 'queued'
    group by e.fair_key, e.priority order by e.fair_key, e.priority
  loop
    perform smarteros.leave_line(p_queue, line.fair_key, line.priority, line.tasks);
  end loop;

  if p_queue = 'requests' then
    update public.tasks t set result = null, error = t.error - 'message'
    from (
      select o.id from public.tasks o
      where o.queue = 'requests' and o.kind = 'trigger' and (o.result is not null or o.error ? 'message')
        and o.finished_at < clock_timestamp() - interval '1 minute'
      order by o.finished_at limit 100
      for update skip locked
    ) untaken
    where t.id = untaken.id;
  end if;
end
$$;

revoke all on function smarteros.prepare_claim(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.prepare_claim(text) to service_role;

-- functions/prune_tasks
-- Deletes tasks that ended before a time, 30 days ago by default, at most `p_limit` of them; returns how many. Repeat until it is less.
create or replace function public.prune_tasks(p_before timestamptz default now() - interval '30 days', p_limit integer default 1000) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  deleted integer;
begin
  delete from public.tasks t
  using (
    select o.id from public.tasks o where o.finished_at < p_before order by o.finished_at
    limit least(p_limit, 10000) for update skip locked
  ) old
  where t.id = old.id;
  get diagnostics deleted = row_count;
  return deleted;
end
$$;

revoke all on function public.prune_tasks(timestamptz, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.prune_tasks(timestamptz, integer) to service_role;

-- functions/rank_calls
-- The users or tenants with the most calls of a time, ten at most, with the figures of their calls, without what users
-- reported themselves. Needs `audit`.
create or replace function public.rank_calls(p_from timestamptz, p_to timestamptz, p_by text, p_tool text default null) returns jsonb
language plpgsql stable security invoker set search_path = '' set timezone = 'UTC'
as $$
declare
  cut smarteros.time_cut;
  answer jsonb;
begin
  if smarteros.subject() is null or not smarteros.can('audit') then
    raise exception 'this needs the capability "audit"' using errcode = '42501';
  end if;
  if p_from is null or p_to is null or p_from >= p_to or p_to - p_from > interval '400 days' then
    raise exception 'p_from must be before p_to, by 400 days at most' using errcode = '23514', constraint = 'time_range';
  end if;
  if p_by in ('user', 'tenant') is not true then
    raise exception 'p_by must be user or tenant' using errcode = '23514', constraint = 'by_known';
  end if;
  cut := smarteros.cut_time(p_from, p_to, p_tool is null, true, p_tool is null);
  with raw as materialized (
    select case p_by when 'user' then i.user_id else i.tenant_id::text end as key, smarteros.latency_bin(i.duration_ms) as bin,
      count(*) filter (where i.code is distinct from 'rate_limited') as calls,
      count(*) filter (where not i.success and i.code is distinct from 'rate_limited') as errors,
      coalesce(sum(i.calls) filter (where i.code = 'rate_limited'), 0) as limited
    from public.mcp_invocations i
    where ((i.created_at >= p_from and i.created_at < cut.hours_from) or (i.created_at >= cut.hours_to and i.created_at < p_to))
      and i.recorded_by = 'service'
      and (p_by = 'user' or i.tenant_id is not null)
      and (p_tool is null or i.tool = p_tool)
    group by 1, 2
  ), top as materialized (
    select sums.key, sum(sums.calls) as calls, sum(sums.errors) as errors, sum(sums.limited) as limited
    from (
      select r.scope_key as key, r.calls, r.errors, r.limited
      from smarteros.spans(cut) span
      join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
      where r.scope = p_by and r.tool = coalesce(p_tool, '')
      union all
      select raw.key, raw.calls, raw.errors, raw.limited from raw
    ) sums
    group by 1
    order by 2 desc, 1
    limit 10
  ), binned as (
    select piece.key, piece.bin, sum(piece.calls) as calls
    from (
      select top.key, unnest(r.bins) as bin, unnest(r.counts) as calls
      from top
      cross join smarteros.spans(cut) span
      cross join lateral (
        -- A few keys of many: each by the index, whatever the planner thinks of their number.
        select r.bins, r.counts
        from public.call_rollups r
        where r.resolution = span.resolution and r.scope = p_by and r.scope_key = top.key and r.tool = coalesce(p_tool, '')
          and r.ts >= span.since and r.ts < span.until
        offset 0
      ) r
      union all
      select raw.key, raw.bin, raw.calls::integer from top join raw using (key) where raw.calls > 0
    ) piece
    group by 1, 2
  ), latencies as (
    select b.key, array_agg(b.bin) as bins, array_agg(b.calls) as counts from binned b group by 1
  )
  select coalesce(jsonb_agg(
    jsonb_build_object('key', top.key) || smarteros.call_figures(top.calls, top.errors, top.limited, l.bins, l.counts)
    order by top.calls desc, top.key), '[]') into answer
  from top left join latencies l using (key);
  return answer;
end
$$;

revoke all on function public.rank_calls(timestamptz, timestamptz, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.rank_calls(timestamptz, timestamptz, text, text) to authenticated;

-- functions/read_alerts
-- All that a pass is made over, in one reading: state with its version, rules, mutes and observations.
create or replace function public.read_alerts(p_minutes integer[], p_slow_ms integer[]) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'version', coalesce((select s.version from public.alert_states s where s.id = 'monitor'), 0),
    'state', (select s.state from public.alert_states s where s.id = 'monitor'),
    'rules', coalesce((select jsonb_agg(r.definition order by r.id) from public.alert_rules r), '[]'),
    'mutes', coalesce((select jsonb_object_agg(m.rule, m.until) from public.alert_mutes m where m.until > now()), '{}'),
    -- Without services it is for everything.
    'maintenance', coalesce((
      select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'from', w.starts_at, 'until', w.ends_at,
        'services', case when w.service is not null then jsonb_build_array(w.service) end
      )))
      from smarteros.maintenance_windows w where w.starts_at <= now() and w.ends_at > now()), '[]'),
    'observations', jsonb_build_object(
      'calls', smarteros.observe_calls(
        p_minutes,
        p_slow_ms || array(
          select (r.definition ->> 'thresholdMs')::integer from public.alert_rules r
          where jsonb_typeof(r.definition -> 'thresholdMs') = 'number'
            and (r.definition ->> 'thresholdMs') ~ '^[0-9]{1,6}$'
        ),
        now()
      ),
      'probes', smarteros.observe_probes(),
      'provisioning', smarteros.observe_provisioning()
    )
  )
$$;

revoke all on function public.read_alerts(integer[], integer[])
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.read_alerts(integer[], integer[]) to service_role;

-- functions/record_intent
-- An id that is taken is an error here: a tool runs on the strength of this row being its own.
create or replace function public.record_intent(p_intent jsonb) returns uuid
language sql volatile security invoker set search_path = ''
as $$
  insert into public.mcp_intents (id, user_id, tool, tenant_id, args, request_id, created_at)
  select coalesce(r.id, gen_random_uuid()), r.user_id, left(r.tool, 200), r.tenant_id, r.args, left(r.request_id, 200),
    coalesce(r.created_at, now())
  from jsonb_to_record(p_intent) r(id uuid, user_id text, tool text, tenant_id uuid, args text, request_id text,
    created_at timestamptz)
  returning id
$$;

revoke all on function public.record_intent(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.record_intent(jsonb) to service_role;

-- functions/record_invocations
-- For the service: rows of any principal, with the id and time that the recorder made, so that a replay of rows that
-- arrived already adds nothing. Durations and counts are cut to what the table takes. Returns how many were new.
create or replace function public.record_invocations(p_rows jsonb) returns integer
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  inserted integer;
begin
  perform smarteros.require_rows(p_rows, 1000);
  insert into public.mcp_invocations (id, user_id, tool, args, result, duration_ms, success, created_at, transport, tenant_id,
    code, request_id, trace_id, redacted, calls)
  select coalesce(r.id, gen_random_uuid()), r.user_id, left(r.tool, 200), r.args, r.result,
    round(least(r.duration_ms, 86400000)), coalesce(r.success, true), coalesce(r.created_at, now()), r.transport, r.tenant_id,
    r.code, left(r.request_id, 200), r.trace_id, coalesce(r.redacted, false), least(coalesce(r.calls, 1), 1000000)
  from jsonb_to_recordset(p_rows) r(id uuid, user_id text, tool text, args text, result text, duration_ms numeric,
    success boolean, created_at timestamptz, transport text, tenant_id uuid, code text, request_id text, trace_id text,
    redacted boolean, calls bigint)
  on conflict do nothing;
  get diagnostics inserted = row_count;
  return inserted;
end
$$;

revoke all on function public.record_invocations(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.record_invocations(jsonb) to service_role;

-- functions/record_my_intent
-- The same for one intent: raises 23514 with the constraint `p_intent_<field>` for a bad one, and 53400 over the limit.
-- An id that is taken is 23505: a tool runs on the strength of this row being its own.
create or replace function public.record_my_intent(p_intent jsonb) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  problem jsonb;
  made uuid;
begin
  perform smarteros.require('read');
  problem := smarteros.self_report_problem(
    case when jsonb_typeof(p_intent) = 'object' then p_intent || '{"duration_ms": 0}' else 'null' end);
  if problem is not null then
    raise exception 'p_intent: % %', problem ->> 'field', problem ->> 'problem'
      using errcode = '23514', constraint = 'p_intent_' || coalesce(nullif(problem ->> 'field', ''), 'object');
  end if;
  if smarteros.draw_self_reports(1) = 0 then
    raise exception 'over 6000 rows an hour' using errcode = '53400';
  end if;
  made := coalesce((p_intent ->> 'id')::uuid, gen_random_uuid());
  insert into public.mcp_intents (id, user_id, tool, tenant_id, args, request_id, created_at, recorded_by)
  values (
    made,
    smarteros.subject(),
    coalesce((select t.name from smarteros.known_tools t where t.name = p_intent ->> 'tool'), 'unknown'),
    (select t.id from public.tenants t where t.id = (p_intent ->> 'tenant_id')::uuid),
    left(p_intent ->> 'args', 16384),
    left(nullif(p_intent ->> 'request_id', ''), 200),
    now(),
    'self'
  );
  return made;
end
$$;

revoke all on function public.record_my_intent(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_my_intent(jsonb) to authenticated;
alter function public.record_my_intent(jsonb) owner to smarteros_fn;

-- functions/record_my_invocations
-- For a host without the service role: rows of the current user, marked `self`. The database sets user, time and origin
-- itself; a tool, code or transport that it does not know becomes `unknown` or null, a tenant that the user does not see
-- null, text over 16384 characters is cut. A row that arrived already, by its id, is not stored again. Returns
-- {"stored": n, "skipped": [{"row": index from 0, "field", "problem"}]}: a bad row does not stop the others. At most 100
-- rows a call and 6000 an hour.
create or replace function public.record_my_invocations(p_rows jsonb) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  me constant text := smarteros.subject();
  given record;
  allowed integer;
  problem jsonb;
  skipped jsonb := '[]';
  stored integer := 0;
begin
  perform smarteros.require('read');
  perform smarteros.require_rows(p_rows, 100);
  allowed := smarteros.draw_self_reports(jsonb_array_length(p_rows));
  for given in
    select e.value as it, (e.ordinality - 1)::integer as index, coalesce((e.value ->> 'id')::text, '') as id
    from jsonb_array_elements(p_rows) with ordinality e
    order by e.ordinality
  loop
    problem := case when given.index >= allowed
      then jsonb_build_object('field', '', 'problem', 'over 6000 rows an hour')
      else smarteros.self_report_problem(given.it) end;
    if problem is not null then
      skipped := skipped || jsonb_build_array(jsonb_build_object('row', given.index) || problem);
      continue;
    end if;
    continue when given.id <> '' and exists (
      select from public.mcp_invocations i
      where i.user_id = me and i.id = given.id::uuid and i.created_at > now() - interval '2 days'
    );
    insert into public.mcp_invocations (id, user_id, tool, args, result, duration_ms, success, created_at, recorded_by,
      transport, tenant_id, code, request_id, trace_id, redacted, calls)
    values (
      coalesce(nullif(given.id, '')::uuid, gen_random_uuid()),
      me,
      coalesce((select t.name from smarteros.known_tools t where t.name = given.it ->> 'tool'), 'unknown'),
      left(given.it ->> 'args', 16384),
      left(given.it ->> 'result', 16384),
      round((given.it ->> 'duration_ms')::numeric),
      coalesce((given.it ->> 'success')::boolean, true),
      -- In the order in which they came.
      now() + make_interval(secs => given.index / 1000000.0),
      'self',
      case when given.it ->> 'transport' in ('http', 'stdio', 'mcp') then given.it ->> 'transport' end,
      (select t.id from public.tenants t where t.id = (given.it ->> 'tenant_id')::uuid),
      case when smarteros.is_code(given.it ->> 'code') then given.it ->> 'code'
        when given.it ->> 'code' is not null then 'unknown' end,
      left(nullif(given.it ->> 'request_id', ''), 200),
      given.it ->> 'trace_id',
      coalesce((given.it ->> 'redacted')::boolean, false),
      coalesce((given.it ->> 'calls')::numeric, 1)
    );
    stored := stored + 1;
  end loop;
  return jsonb_build_object('stored', stored, 'skipped', skipped);
end
$$;

revoke all on function public.record_my_invocations(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.record_my_invocations(jsonb) to authenticated;
alter function public.record_my_invocations(jsonb) owner to smarteros_fn;

-- functions/record_service_id
-- Records the id of a tenant's resource at a vendor; null removes it. The ids of the first five vendors are columns of
-- `tenants`, those of later vendors are rows of `tenant_service_ids`.
create or replace function smarteros.record_service_id(p_tenant_id uuid, p_vendor text, p_external_id text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  if p_vendor in ('chatwoot', 'botpress', 'odoo', 'n8n', 'metabase') then
    update public.tenants t
    set chatwoot_inbox_id = case p_vendor when 'chatwoot' then p_external_id::integer else t.chatwoot_inbox_id end,
      botpress_workspace_id = case p_vendor when 'botpress' then p_external_id else t.botpress_workspace_id end,
      odoo_company_id = case p_vendor when 'odoo' then p_external_id::integer else t.odoo_company_id end,
      n8n_project_id = case p_vendor when 'n8n' then p_external_id else t.n8n_project_id end,
      metabase_dashboard_id = case p_vendor when 'metabase' then p_external_id else t.metabase_dashboard_id end
    where t.id = p_tenant_id;
  else
    insert into public.tenant_service_ids (tenant_id, vendor, external_id) values (p_tenant_id, p_vendor, p_external_id)
    on conflict (tenant_id, vendor) do update set external_id = excluded.external_id;
  end if;
end
$$;

revoke all on function smarteros.record_service_id(uuid, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.record_service_id(uuid, text, text) to service_role;

-- functions/record_service_write
-- Records what a holder of the service key writes to tenants past the tools, with GRANT_SERVICE_WRITES.
create or replace function smarteros.record_service_write() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into public.mcp_invocations (user_id, tool, args, duration_ms, success, code, tenant_id)
  values (
    'service_role',
    'tenants.serviceWrite',
    jsonb_build_object('operation', lower(tg_op), 'rut', new.rut, 'owner', new.clerk_user_id, 'services', new.services_enabled,
      'active', new.active)::text,
    0, true, 'ok', new.id
  );
  return null;
end
$$;

revoke all on function smarteros.record_service_write() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger tenants_record_service_write
after insert or update of rut, business_name, clerk_user_id, services_enabled, active on public.tenants
for each row when (current_setting('role', true) = 'service_role') execute function smarteros.record_service_write();

-- functions/redrive_tasks
-- Puts dead tasks in line again with all their attempts, the oldest first and at most 1000 of them; with `p_dry_run` only
-- counts them. One whose dedupe key is open again is left dead. Returns how many there were.
create or replace function public.redrive_tasks(
  p_queue text, p_kind text default null, p_since timestamptz default null, p_dry_run boolean default false
) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  ids uuid[];
begin
  ids := array(
    select dead.id
    from (
      select t.id, t.finished_at,
        row_number() over (partition by coalesce(t.dedupe_key, t.id::text) order by t.finished_at desc) as nth
      from public.tasks t
      where t.queue = p_queue and t.state = 'dead' and t.kind = coalesce(p_kind, t.kind)
        and t.finished_at >= coalesce(p_since, '-infinity')
        and not exists (
          select from public.tasks o
          where o.queue = p_queue and o.dedupe_key = t.dedupe_key and o.state in ('scheduled', 'queued', 'running')
        )
    ) dead
    where dead.nth = 1
    order by dead.finished_at
    limit 1000
  );
  if not p_dry_run and ids <> '{}' then
    update public.tasks t
    set state = 'scheduled', attempts = 0, run_at = clock_timestamp(), finished_at = null, claim = null
    where t.id = any (ids);
    perform smarteros.line_up(ids);
    perform smarteros.wake_workers(array[p_queue]);
  end if;
  return cardinality(ids);
end
$$;

revoke all on function public.redrive_tasks(text, text, timestamptz, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.redrive_tasks(text, text, timestamptz, boolean) to service_role;

-- functions/register_tools
-- Adds tool names to those that a self-reported row may carry. For hosts with the service role, at their start. Returns how
-- many are new. Raises 23514 for a malformed name or more than 1000.
create or replace function public.register_tools(p_names text[]) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  added integer;
begin
  if cardinality(p_names) > 1000 then
    raise exception 'at most 1000 names at a time' using errcode = '23514', constraint = 'p_names_at_most';
  end if;
  insert into smarteros.known_tools as t (name)
  select distinct n from unnest(p_names) n order by 1
  on conflict do nothing;
  get diagnostics added = row_count;
  return added;
end
$$;

revoke all on function public.register_tools(text[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.register_tools(text[]) to service_role;

-- functions/register_workflow
-- Registers the webhook of a workflow of a tenant, or another path for it. Needs `admin`. No row: there is no such tenant, or
-- the current user does not see it. Raises 23505 for a path of another registration, 23514 for a name or path of another form.
create or replace function public.register_workflow(p_tenant_id uuid, p_workflow text, p_path text)
returns setof public.n8n_webhooks
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.n8n_webhooks as w (tenant_id, workflow, path, registered_by)
    select t.id, p_workflow, p_path, smarteros.subject() from public.tenants t
    where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
    on conflict (tenant_id, workflow) do update
      set path = excluded.path, registered_by = excluded.registered_by, updated_at = now(), removed_at = null
    returning w.*;
end
$$;

revoke all on function public.register_workflow(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.register_workflow(uuid, text, text) to authenticated;
alter function public.register_workflow(uuid, text, text) owner to smarteros_fn;

-- functions/release_provision_holds
-- Lets runs touch services of a tenant again: a person asked for new ones at the vendor. Returns the vendors that were held.
create or replace function public.release_provision_holds(p_tenant_id uuid, p_vendors text[]) returns setof text
language sql volatile set search_path = ''
as $$
  update public.provision_holds h set released_at = now()
  where h.tenant_id = p_tenant_id and h.vendor = any (p_vendors) and h.released_at is null
  returning h.vendor
$$;

revoke all on function public.release_provision_holds(uuid, text[])
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.release_provision_holds(uuid, text[]) to service_role;

-- functions/remove_alert_target
-- Its name stays for the log of deliveries; what was secret of it goes, and what is on its way to it is given up.
create or replace function public.remove_alert_target(p_id uuid) returns setof public.alert_targets
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  delete from smarteros.alert_target_secrets s where s.target_id = p_id;
  update public.alert_deliveries d set state = 'failed', finished_at = now(), last_error = 'the target was removed'
  where d.target_id = p_id and d.state = 'pending';
  return query
    update public.alert_targets t set removed_at = now() where t.id = p_id and t.removed_at is null returning t.*;
end
$$;

revoke all on function public.remove_alert_target(uuid) from public, anon, authenticated, service_role;
grant execute on function public.remove_alert_target(uuid) to authenticated;
alter function public.remove_alert_target(uuid) owner to smarteros_fn;

-- functions/renew_tasks
-- Extends the leases of running tasks and stores their progress. `p_running` is [{"id", "claim", "progress"?}]. Returns those
-- that the worker still has, and whether the cancellation of each was requested; one that is missing belongs to another worker or is over.
create or replace function public.renew_tasks(p_running jsonb)
returns table (id uuid, lease_until timestamptz, cancelled boolean)
language sql volatile set search_path = ''
as $$
  update public.tasks t
  set lease_until = clock_timestamp() + q.lease, progress = coalesce(it.progress, t.progress)
  from jsonb_to_recordset(p_running) as it (id uuid, claim uuid, progress jsonb), public.task_queues q
  where t.id = it.id and t.claim = it.claim and t.state = 'running' and q.name = t.queue
  returning t.id, t.lease_until, t.cancel_requested_at is not null or smarteros.is_run_cancelled(t.id, t.kind)
$$;

revoke all on function public.renew_tasks(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.renew_tasks(jsonb) to service_role;

-- functions/report_worker
-- Writes that a worker is there, and the addresses of resources at its vendors where they changed. Removes workers that were
-- last there a day ago.
create or replace function public.report_worker(p_id text, p_resource_urls jsonb default '{}') returns void
language sql volatile set search_path = ''
as $$
  delete from public.provision_workers w where w.seen_at < now() - interval '1 day' and w.id <> p_id;
  update public.provision_vendors v set resource_urls = p_resource_urls -> v.vendor
  where p_resource_urls ? v.vendor and v.resource_urls is distinct from p_resource_urls -> v.vendor;
  insert into public.provision_workers (id) values (p_id)
  on conflict (id) do update set seen_at = now();
$$;

revoke all on function public.report_worker(text, jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.report_worker(text, jsonb) to service_role;

-- functions/request_adoption
-- Requests that what a tenant has at a vendor is looked up there, marked and recorded: a task of kind `adopt`, payload
-- {"vendor", "external_id"}, result {"external_id", "name", "state"}. Needs `admin`. Returns its id, or null as request_plan
-- does. Raises P0001 `external_id_taken` where another tenant has the id, before anything changes at the vendor.
create or replace function public.request_adoption(p_tenant_id uuid, p_vendor text, p_external_id text) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  perform smarteros.request_vendors(array[p_vendor]);
  if p_external_id is null or char_length(p_external_id) not between 1 and 255 then
    raise exception 'p_external_id must have 1 to 255 characters' using errcode = '22023';
  end if;
  perform 1 from public.tenants t
  where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if not found then
    return null;
  end if;
  if exists (
    select from public.tenant_services s
    where s.vendor = p_vendor and s.external_id = p_external_id and s.tenant_id <> p_tenant_id
  ) then
    raise exception 'external_id_taken'
      using errcode = 'P0001', detail = 'Another tenant has this id at the vendor.', hint = 'Look the id up at the vendor again.';
  end if;
  return smarteros.insert_request(
    'adopt', p_tenant_id, jsonb_build_object('vendor', p_vendor, 'external_id', p_external_id)
  );
end
$$;

revoke all on function public.request_adoption(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.request_adoption(uuid, text, text) to authenticated;
alter function public.request_adoption(uuid, text, text) owner to smarteros_fn;

-- functions/request_cancel
-- Cancels a run; see smarteros.cancel_runs. Returns the run. No row: there is none, or the current user does not see its
-- tenant. Raises P0001 `run_is_over`.
create or replace function public.request_cancel(p_run_id uuid) returns setof public.provision_runs
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  perform 1 from public.provision_runs r join public.tenants t on t.id = r.tenant_id
  where r.id = p_run_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if not found then
    return;
  end if;
  perform smarteros.cancel_runs(array[p_run_id]);
  if not found then
    raise exception 'run_is_over' using errcode = 'P0001', hint = 'See how its steps stand.';
  end if;
  return query select r.* from public.provision_runs r where r.id = p_run_id;
end
$$;

revoke all on function public.request_cancel(uuid) from public, anon, authenticated, service_role;
grant execute on function public.request_cancel(uuid) to authenticated;
alter function public.request_cancel(uuid) owner to smarteros_fn;

-- functions/request_cancels
-- Cancels the open runs of the current user's tenants, of all for who sees all; see smarteros.cancel_matching_runs. Raises 22023
-- for an unknown vendor.
create or replace function public.request_cancels(
  p_vendor text default null, p_error text default null, p_since timestamptz default null, p_dry_run boolean default false
) returns table (runs integer, remaining integer)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  if p_vendor is not null then
    perform smarteros.request_vendors(array[p_vendor]);
  end if;
  return query select m.* from smarteros.cancel_matching_runs(
    case when smarteros.sees_all_tenants() then null else smarteros.subject() end, p_vendor, p_error, p_since, p_dry_run
  ) m;
end
$$;

revoke all on function public.request_cancels(text, text, timestamptz, boolean) from public, anon, authenticated, service_role;
grant execute on function public.request_cancels(text, text, timestamptz, boolean) to authenticated;
alter function public.request_cancels(text, text, timestamptz, boolean) owner to smarteros_fn;

-- functions/request_plan
-- Requests the plan of a run: a task of kind `plan`, payload {"vendors"}, result {"steps"}. Returns its id; null: there is no
-- such tenant, or the current user does not see it. Raises P0001 `tenant_deleted` and what smarteros.insert_request raises.
create or replace function public.request_plan(p_tenant_id uuid, p_vendors text[]) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  vendors text[];
  tenant public.tenants;
begin
  perform smarteros.require('write');
  vendors := smarteros.request_vendors(p_vendors);
  select t.* into tenant from public.tenants t
  where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if not found then
    return null;
  end if;
  if not tenant.active then
    raise exception 'tenant_deleted' using errcode = 'P0001', hint = 'Restore the tenant first.';
  end if;
  return smarteros.insert_request('plan', p_tenant_id, jsonb_build_object('vendors', vendors));
end
$$;

revoke all on function public.request_plan(uuid, text[]) from public, anon, authenticated, service_role;
grant execute on function public.request_plan(uuid, text[]) to authenticated;
alter function public.request_plan(uuid, text[]) owner to smarteros_fn;

-- functions/request_reconciliation
-- Requests that services of a tenant, or of the next tenants by id after `p_after`, are compared with their vendors and, with
-- `p_repair`, repaired: a task of kind `reconcile`, payload {"vendor", "repair", "after", "owner"}. Returns its id, or null as request_plan does.
create or replace function public.request_reconciliation(
  p_tenant_id uuid default null, p_vendor text default null, p_repair boolean default false, p_after uuid default null
) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  if p_vendor is not null then
    perform smarteros.request_vendors(array[p_vendor]);
  end if;
  if p_tenant_id is not null then
    perform 1 from public.tenants t
    where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
    if not found then
      return null;
    end if;
  end if;
  return smarteros.insert_request('reconcile', p_tenant_id, jsonb_build_object(
    'vendor', p_vendor, 'repair', p_repair, 'after', p_after,
    'owner', case when smarteros.sees_all_tenants() then null else smarteros.subject() end
  ));
end
$$;

revoke all on function public.request_reconciliation(uuid, text, boolean, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.request_reconciliation(uuid, text, boolean, uuid) to authenticated;
alter function public.request_reconciliation(uuid, text, boolean, uuid) owner to smarteros_fn;

-- functions/request_removal
-- Requests the removal of a deleted tenant's services at their vendors, once its grace period is over: the setting
-- delete_grace_days, by default 30. Needs `admin`. Returns the run, and no row as request_services does. Raises P0001
-- `tenant_active`, `grace_not_over` with the time of its end in the detail and the days in the hint, and `services_held`.
create or replace function public.request_removal(
  p_tenant_id uuid, p_vendors text[], p_request_id text default null, p_traceparent text default null
) returns setof public.provision_runs
language plpgsql volatile security definer set search_path = ''
as $$
declare
  grace_days constant integer := coalesce((smarteros.setting('delete_grace_days'))::integer, 30);
  vendors text[];
  tenant public.tenants;
  over_at timestamptz;
  run uuid;
begin
  perform smarteros.require('admin');
  vendors := smarteros.request_vendors(p_vendors);
  select t.* into tenant from public.tenants t
  where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
  for no key update;
  if not found then
    return;
  end if;
  if tenant.active or tenant.deleted_at is null then
    raise exception 'tenant_active' using errcode = 'P0001', hint = 'Delete the tenant first.';
  end if;
  over_at := tenant.deleted_at + make_interval(hours => 24 * grace_days);
  if over_at > now() then
    raise exception 'grace_not_over'
      using errcode = 'P0001', detail = to_char(over_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        hint = grace_days::text;
  end if;
  run := smarteros.request_run(p_tenant_id, vendors, 'remove', p_request_id, p_traceparent);
  return query select r.* from public.provision_runs r where r.id = run;
end
$$;

revoke all on function public.request_removal(uuid, text[], text, text) from public, anon, authenticated, service_role;
grant execute on function public.request_removal(uuid, text[], text, text) to authenticated;
alter function public.request_removal(uuid, text[], text, text) owner to smarteros_fn;

-- functions/request_retries
-- Tries again what failed of the runs of the current user's tenants, of all for who sees all; see smarteros.retry_matching_runs. Raises 22023
-- for an unknown vendor.
create or replace function public.request_retries(
  p_vendor text default null, p_error text default null, p_since timestamptz default null, p_dry_run boolean default false
) returns table (runs integer, remaining integer)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  if p_vendor is not null then
    perform smarteros.request_vendors(array[p_vendor]);
  end if;
  return query select m.* from smarteros.retry_matching_runs(
    case when smarteros.sees_all_tenants() then null else smarteros.subject() end, p_vendor, p_error, p_since, p_dry_run
  ) m;
end
$$;

revoke all on function public.request_retries(text, text, timestamptz, boolean) from public, anon, authenticated, service_role;
grant execute on function public.request_retries(text, text, timestamptz, boolean) to authenticated;
alter function public.request_retries(text, text, timestamptz, boolean) owner to smarteros_fn;

-- functions/request_retry
-- Tries again what failed of a run; see smarteros.retry_run. Returns the run. No row: there is none, or the current user does
-- not see its tenant. Raises P0001 `run_cancelled`, where nothing failed to be undone either, and `nothing_failed`.
create or replace function public.request_retry(p_run_id uuid, p_traceparent text default null)
returns setof public.provision_runs
language plpgsql volatile security definer set search_path = ''
as $$
declare
  run public.provision_runs;
begin
  perform smarteros.require('write');
  select r.* into run from public.provision_runs r join public.tenants t on t.id = r.tenant_id
  where r.id = p_run_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
  for no key update of r;
  if not found then
    return;
  end if;
  if not smarteros.retry_run(p_run_id, p_traceparent) then
    if run.cancelled_at is not null then
      raise exception 'run_cancelled' using errcode = 'P0001', hint = 'Request the services again.';
    end if;
    raise exception 'nothing_failed' using errcode = 'P0001', hint = 'See how its steps stand.';
  end if;
  return query select r.* from public.provision_runs r where r.id = p_run_id;
end
$$;

revoke all on function public.request_retry(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.request_retry(uuid, text) to authenticated;
alter function public.request_retry(uuid, text) owner to smarteros_fn;

-- functions/request_run
-- Opens a run that does the same at each vendor, for the current user, who sees the tenant and has locked it. Returns its id.
-- Raises P0001 `services_held` with the vendors in its detail where a service is held: a run would skip it.
create or replace function smarteros.request_run(
  p_tenant_id uuid, p_vendors text[], p_action text, p_request_id text, p_traceparent text
) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
  held text;
begin
  select string_agg(h.vendor, ', ' order by h.vendor) into held
  from public.provision_holds h
  where h.tenant_id = p_tenant_id and h.vendor = any (p_vendors) and h.released_at is null;
  if held is not null then
    raise exception 'services_held'
      using errcode = 'P0001', detail = held, hint = 'Adopt what the tenant has at the vendor, or ask for a new one.';
  end if;
  return smarteros.open_run(
    p_tenant_id,
    (select jsonb_agg(jsonb_build_object('vendor', v, 'action', p_action) order by v) from unnest(p_vendors) v),
    smarteros.subject(), null, p_request_id, p_traceparent
  );
end
$$;

revoke all on function smarteros.request_run(uuid, text[], text, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.request_run(uuid, text[], text, text, text) to smarteros_fn;

-- functions/request_services
-- Requests services of a tenant at their vendors. Returns the run; the same request while one is open returns that one. With
-- `p_create_new` new ones are made also where a service is held or where a creation is not settled, by the current user's
-- decision. No row: there is no such tenant, or the current user does not see it. Raises P0001 `tenant_deleted` and, with the
-- vendors in its detail, `services_held`; 22023 for a vendor that is none.
create or replace function public.request_services(
  p_tenant_id uuid, p_vendors text[], p_create_new boolean default false, p_request_id text default null,
  p_traceparent text default null
) returns setof public.provision_runs
language plpgsql volatile security definer set search_path = ''
as $$
declare
  vendors text[];
  tenant public.tenants;
  run uuid;
begin
  perform smarteros.require('write');
  vendors := smarteros.request_vendors(p_vendors);
  select t.* into tenant from public.tenants t
  where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
  for no key update;
  if not found then
    return;
  end if;
  if not tenant.active then
    raise exception 'tenant_deleted' using errcode = 'P0001', hint = 'Restore the tenant first.';
  end if;
  if p_create_new then
    update public.provision_holds h set released_at = now()
    where h.tenant_id = p_tenant_id and h.vendor = any (vendors) and h.released_at is null;
    update public.provision_intents i
    set settled_at = clock_timestamp(), settled_as = 'person', settled_by = smarteros.subject()
    where i.tenant_id = p_tenant_id and i.vendor = any (vendors) and i.settled_at is null;
  end if;
  run := smarteros.request_run(p_tenant_id, vendors, 'provision', p_request_id, p_traceparent);
  return query select r.* from public.provision_runs r where r.id = run;
end
$$;

revoke all on function public.request_services(uuid, text[], boolean, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.request_services(uuid, text[], boolean, text, text) to authenticated;
alter function public.request_services(uuid, text[], boolean, text, text) owner to smarteros_fn;

-- functions/request_trigger
-- Requests a call of a registered workflow of a tenant: a task of kind `trigger`, payload {"workflow", "path", "payload",
-- "delivery_id"}, result {"status", "data"}. Returns its id, or null as request_plan does. Raises P0001 `tenant_deleted` and
-- `workflow_not_registered`, 22023 for a delivery id of another form, 23514 for a payload that is too large.
create or replace function public.request_trigger(p_tenant_id uuid, p_workflow text, p_payload jsonb, p_delivery_id text)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  tenant public.tenants;
  path text;
begin
  perform smarteros.require('write');
  if p_delivery_id !~ '^[A-Za-z0-9_-]{1,100}$' or p_delivery_id is null or jsonb_typeof(p_payload) is distinct from 'object' then
    raise exception 'p_delivery_id must have 1 to 100 letters, digits, dashes and underscores; p_payload must be an object'
      using errcode = '22023';
  end if;
  select t.* into tenant from public.tenants t
  where t.id = p_tenant_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if not found then
    return null;
  end if;
  if not tenant.active then
    raise exception 'tenant_deleted' using errcode = 'P0001', hint = 'Restore the tenant first.';
  end if;
  select w.path into path from public.n8n_webhooks w
  where w.tenant_id = p_tenant_id and w.workflow = p_workflow and w.removed_at is null;
  if not found then
    raise exception 'workflow_not_registered' using errcode = 'P0001', hint = 'An administrator registers workflows.';
  end if;
  return smarteros.insert_request('trigger', p_tenant_id, jsonb_build_object(
    'workflow', p_workflow, 'path', path, 'payload', p_payload, 'delivery_id', p_delivery_id
  ));
end
$$;

revoke all on function public.request_trigger(uuid, text, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.request_trigger(uuid, text, jsonb, text) to authenticated;
alter function public.request_trigger(uuid, text, jsonb, text) owner to smarteros_fn;

-- functions/request_vendor_health
-- Requests the health of all vendors: a task of kind `health`, result {vendor: {"process", "access"} or null}. Returns its id,
-- that of the open one where there is one.
create or replace function public.request_vendor_health() returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('read');
  return smarteros.insert_request('health');
end
$$;

revoke all on function public.request_vendor_health() from public, anon, authenticated, service_role;
grant execute on function public.request_vendor_health() to authenticated;
alter function public.request_vendor_health() owner to smarteros_fn;

-- functions/request_vendors
-- Returns vendors once each in the order of their names. Raises 22023 for none, for more than 100 names and for an unknown one.
create or replace function smarteros.request_vendors(p_vendors text[]) returns text[]
language plpgsql stable set search_path = ''
as $$
declare
  unknown text;
begin
  if coalesce(cardinality(p_vendors), 0) not between 1 and 100 then
    raise exception 'p_vendors must name 1 to 100 vendors' using errcode = '22023';
  end if;
  select coalesce(given, 'null') into unknown from unnest(p_vendors) given
  where given is null or not exists (select from public.provision_vendors v where v.vendor = given)
  limit 1;
  if found then
    raise exception 'there is no vendor "%"', left(unknown, 100) using errcode = '22023';
  end if;
  return array(select distinct given from unnest(p_vendors) given order by 1);
end
$$;

revoke all on function smarteros.request_vendors(text[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.request_vendors(text[]) to smarteros_fn;

-- functions/require
create or replace function smarteros.require(p_capability text) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if smarteros.subject() is null then
    raise exception 'the token has no subject' using errcode = '42501';
  end if;
  if not smarteros.can(p_capability) then
    raise exception 'this needs the capability "%"', p_capability using errcode = '42501';
  end if;
end
$$;

revoke all on function smarteros.require(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.require(text) to smarteros_fn;

-- functions/require_rows
create or replace function smarteros.require_rows(p_rows jsonb, p_at_most integer) returns void
language plpgsql immutable set search_path = ''
as $$
begin
  if jsonb_typeof(p_rows) is distinct from 'array' then
    raise exception 'p_rows must be an array of objects' using errcode = '23514', constraint = 'p_rows_array';
  end if;
  if jsonb_array_length(p_rows) > p_at_most then
    raise exception 'at most % rows at a time', p_at_most using errcode = '23514', constraint = 'p_rows_at_most';
  end if;
end
$$;

revoke all on function smarteros.require_rows(jsonb, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.require_rows(jsonb, integer) to service_role, smarteros_fn;

-- functions/require_tenant_quota
-- Raises P0001 `quota_exceeded` where the current user has as many tenants as one owner may: active ones and those deleted in
-- the last 30 days, so that creating and deleting in turn spends no more at the vendors. Administrators have no limit.
create or replace function smarteros.require_tenant_quota() returns void
language plpgsql volatile set search_path = ''
as $$
declare
  owner constant text := smarteros.subject();
  at_most constant integer := coalesce((smarteros.setting('max_tenants_per_owner'))::integer, 20);
begin
  if smarteros.can('admin') then
    return;
  end if;
  -- One at a time for an owner, so that many at once do not all see room for one more.
  perform pg_advisory_xact_lock(hashtextextended('smarteros.tenant_quota:' || owner, 0));
  if (
    select count(*) from (
      select from public.tenants t
      where t.clerk_user_id = owner and (t.active or t.deleted_at > now() - interval '30 days')
      limit at_most
    ) counted
  ) >= at_most then
    raise exception 'quota_exceeded'
      using errcode = 'P0001', detail = at_most::text, hint = 'MAX_TENANTS_PER_OWNER';
  end if;
end
$$;

revoke all on function smarteros.require_tenant_quota() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.require_tenant_quota() to smarteros_fn;

-- functions/resolve_tenant
-- Makes a tenant of a row in review, with the values given in place of its own, and holds its services as those of every
-- tenant that was taken over. Ids at vendors that break a rule are left out. No row: none of that id in review that the current
-- user sees. Raises 23505 and 23514 as create_tenant does; the row then stays in review.
create or replace function public.resolve_tenant(
  p_id uuid, p_rut text default null, p_business_name text default null, p_services jsonb default null
) returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
declare
  kept public.tenants_in_review;
  resolved public.tenants;
begin
  perform smarteros.require('write');
  delete from public.tenants_in_review r
  where r.id = p_id and (r.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
  returning r.* into kept;
  if not found then
    return;
  end if;
  resolved := jsonb_populate_record(null::public.tenants, kept.row || kept.proposal);
  resolved.id := p_id;
  resolved.rut := coalesce(p_rut, resolved.rut);
  resolved.business_name := coalesce(smarteros.trimmed(p_business_name), resolved.business_name);
  resolved.clerk_user_id := coalesce(kept.clerk_user_id, smarteros.subject());
  resolved.services_enabled := (select jsonb_object_agg(v.flag, false) from public.provision_vendors v)
    || resolved.services_enabled || coalesce(p_services, '{}');
  if 'tenants_botpress_workspace_id_shape' = any (kept.reasons) then
    resolved.botpress_workspace_id := null;
  end if;
  if 'tenants_n8n_project_id_shape' = any (kept.reasons) then
    resolved.n8n_project_id := null;
  end if;
  if 'tenants_metabase_dashboard_id_shape' = any (kept.reasons) then
    resolved.metabase_dashboard_id := null;
  end if;
  resolved.updated_at := now();
  insert into public.tenants select resolved.*;
  insert into public.provision_holds (tenant_id, vendor)
  select resolved.id, v.vendor from public.provision_vendors v;
  return next resolved;
end
$$;

revoke all on function public.resolve_tenant(uuid, text, text, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function public.resolve_tenant(uuid, text, text, jsonb) to authenticated;
alter function public.resolve_tenant(uuid, text, text, jsonb) owner to smarteros_fn;

-- functions/retry_events
-- Gives events of tenants that failed too often all their attempts again. Returns how many there were.
create or replace function public.retry_events(p_tenants uuid[]) returns integer
language sql volatile set search_path = ''
as $$
  with retried as (
    update public.tenant_events e set attempts = 0, claimed_until = null
    where e.tenant_id = any (p_tenants) and e.processed_at is null and e.attempts >= 5
    returning 1
  )
  select count(*)::integer from retried
$$;

revoke all on function public.retry_events(uuid[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.retry_events(uuid[]) to service_role;

-- functions/retry_matching_runs
-- Tries again what failed of many runs, those of smarteros.runs_matching, at most 100 each time. Returns how many and how many are left;
-- with `p_dry_run` nothing changes and all are left.
create or replace function smarteros.retry_matching_runs(
  p_owner text, p_vendor text, p_error text, p_since timestamptz, p_dry_run boolean
) returns table (runs integer, remaining integer)
language plpgsql volatile set search_path = ''
as $$
declare
  matching uuid[] := array(
    select m.run_id from smarteros.runs_matching('failed', p_owner, p_vendor, p_error, p_since) m
    group by m.run_id order by m.run_id
  );
  batch uuid[] := case when p_dry_run then '{}' else matching[1:100] end;
  changed integer := 0;
  run uuid;
begin
  perform 1 from public.provision_runs r where r.id = any (batch) order by r.id for no key update;
  foreach run in array batch loop
    if smarteros.retry_run(run, null, p_vendor, p_error) then
      changed := changed + 1;
    end if;
  end loop;
  return query select changed, cardinality(matching) - cardinality(batch);
end
$$;

revoke all on function smarteros.retry_matching_runs(text, text, text, timestamptz, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.retry_matching_runs(text, text, text, timestamptz, boolean) to service_role, smarteros_fn;

-- functions/retry_provision_run
-- Retries a run for the service; see smarteros.retry_run. No row: no such run, or nothing of it failed.
create or replace function public.retry_provision_run(p_run_id uuid)
returns setof public.provision_runs
language plpgsql volatile set search_path = ''
as $$
begin
  if smarteros.retry_run(p_run_id) then
    return query select r.* from public.provision_runs r where r.id = p_run_id;
  end if;
end
$$;

revoke all on function public.retry_provision_run(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.retry_provision_run(uuid) to service_role;

-- functions/retry_provision_runs
-- Tries again what failed of the runs of an owner's tenants, of all where it is null, for the service; see smarteros.retry_matching_runs.
create or replace function public.retry_provision_runs(
  p_owner text default null, p_vendor text default null, p_error text default null, p_since timestamptz default null,
  p_dry_run boolean default false
) returns table (runs integer, remaining integer)
language sql volatile set search_path = ''
as $$
  select m.* from smarteros.retry_matching_runs(p_owner, p_vendor, p_error, p_since, p_dry_run) m
$$;

revoke all on function public.retry_provision_runs(text, text, text, timestamptz, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.retry_provision_runs(text, text, text, timestamptz, boolean) to service_role;

-- functions/retry_run
-- Gives failed steps of a run new tasks with all their attempts: in a cancelled run those that failed to be undone; what is
-- done stays. `p_vendor` and `p_error` choose steps by vendor and by kind of failure. Returns false: no such run, or nothing of
-- it failed.
create or replace function smarteros.retry_run(
  p_run_id uuid, p_traceparent text default null, p_vendor text default null, p_error text default null
) returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
  cancelled boolean;
begin
  select r.cancelled_at is not null into cancelled from public.provision_runs r where r.id = p_run_id for no key update;
  update public.provision_steps s
  set state = case when cancelled then 'succeeded' else 'queued' end, attempts = case when cancelled then s.attempts else 0 end,
    next_attempt_at = null, finished_at = case when cancelled then s.finished_at end, updated_at = clock_timestamp(),
    task_id = smarteros.insert_step_task(s.id, case when cancelled then 'undo' else s.action end, p_traceparent)
  where s.run_id = p_run_id and s.state = case when cancelled then 'undo_failed' else 'failed' end
    and (p_vendor is null or s.vendor = p_vendor) and (p_error is null or s.error_kind = p_error);
  if not found then
    return false;
  end if;
  perform smarteros.settle_provision_run(p_run_id);
  return true;
end
$$;

revoke all on function smarteros.retry_run(uuid, text, text, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.retry_run(uuid, text, text, text) to service_role, smarteros_fn;

-- functions/role_of_claims
-- Null means: no rights at all. Only an absent role has a default; one that is not understood never does, unless the setting
-- role_map names it. The same rule stands in @smarteros/core as `principalFromClaims`.
create or replace function smarteros.role_of_claims() returns text
language plpgsql stable set search_path = ''
as $$
declare
  metadata constant jsonb := coalesce(smarteros.claims() -> 'metadata', 'null');
  given jsonb;
begin
  if smarteros.subject() is null or jsonb_typeof(metadata) not in ('object', 'null') then
    return null;
  end if;
  given := coalesce(metadata -> 'role', 'null');
  return case
    when given = 'null' then nullif(coalesce(smarteros.setting('default_role') #>> '{}', 'operator'), 'none')
    when given in ('"viewer"', '"operator"', '"auditor"', '"support"', '"admin"') then given #>> '{}'
    when jsonb_typeof(given) = 'string' then smarteros.setting('role_map') ->> (given #>> '{}')
  end;
end
$$;

revoke all on function smarteros.role_of_claims() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.role_of_claims() to authenticated, smarteros_fn;

-- functions/roll_up_calls
-- Counts what is due, in this order: hours that have passed (at most p_at_most), hours for which rows came late, days, weeks.
-- Begins nothing after one second. May be called at any time and any number of times; two at once do not disturb each
-- other. Returns how many hours it counted and whether anything is left. Raises 23514 for p_at_most outside 1 to 1000.
create or replace function public.roll_up_calls(p_at_most integer default 24) returns table (hours integer, more boolean)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  stop_at constant timestamptz := clock_timestamp() + interval '1 second';
  this_hour constant timestamptz := date_trunc('hour', now());
  progress smarteros.rollup_progress;
  seen_until timestamptz;
  next timestamptz;
  work smarteros.rollup_work;
begin
  if p_at_most is null or p_at_most not between 1 and 1000 then
    raise exception 'p_at_most must be 1 to 1000' using errcode = '23514', constraint = 'p_at_most_range';
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('smarteros.roll_up_calls', 0)) then
    return query select 0, true;
    return;
  end if;
  select p.* into progress from smarteros.rollup_progress p;
  if not found then
    next := coalesce((select date_trunc('hour', min(i.created_at)) from public.mcp_invocations i), this_hour);
    insert into smarteros.rollup_progress (hours_until, days_until, weeks_until, recorded_until)
    values (next, date_trunc('day', next), date_trunc('week', next), now())
    returning * into progress;
  end if;

  -- Rows that came late, six hours of arrivals at a time. A row is seen from its commit on, which may be later than its
  -- recorded_at: the last five minutes before the last look are compared with what was seen of them then. Of days before
  -- the last week the rows may be gone: what is counted of them stays.
  seen_until := least(now(), progress.recorded_until + interval '6 hours');
  with arrived as materialized (
    select extract(epoch from date_trunc('hour', i.created_at))::bigint::text as hour,
      count(*) filter (where i.recorded_at >= progress.recorded_until) as fresh,
      count(*) filter (where i.recorded_at < progress.recorded_until) as again,
      count(*) filter (where i.recorded_at >= seen_until - interval '5 minutes') as latest
    from public.mcp_invocations i
    where i.recorded_at >= progress.recorded_until - interval '5 minutes'
      and (seen_until = now() or i.recorded_at < seen_until)
      and i.created_at >= this_hour - interval '7 days'
    group by 1
  ), marked as (
    select smarteros.mark_rollup('hour', to_timestamp(a.hour::bigint))
    from arrived a
    where to_timestamp(a.hour::bigint) < progress.hours_until
      and (a.fresh > 0 or a.again <> coalesce((progress.recorded_latest ->> a.hour)::bigint, 0))
  )
  select coalesce(jsonb_object_agg(a.hour, a.latest) filter (where a.latest > 0), '{}') into progress.recorded_latest
  from arrived a, (select count(*) from marked) m;

  hours := 0;
  more := true;
  while more and hours < p_at_most and clock_timestamp() < stop_at loop
    if progress.hours_until < this_hour then
      execute format('select date_trunc(''hour'', min(i.created_at)) from public.mcp_invocations i
        where i.created_at >= %L and i.created_at < %L', progress.hours_until, this_hour) into next;
      if next is null then
        -- Hours without a call need no row.
        progress.hours_until := this_hour;
      else
        perform smarteros.count_hour(next);
        progress.hours_until := next + interval '1 hour';
        hours := hours + 1;
      end if;
      continue;
    end if;
    select w.* into work from smarteros.rollup_work w
    order by array_position('{hour,day,week}', w.resolution), w.ts limit 1;
    if not found then
      -- Days and weeks without a call need no row either.
      progress.days_until := greatest(progress.days_until, least(date_trunc('day', progress.hours_until),
        date_trunc('day', smarteros.next_counted('hour', progress.days_until))));
      progress.weeks_until := greatest(progress.weeks_until, least(date_trunc('week', progress.days_until),
        date_trunc('week', smarteros.next_counted('day', progress.weeks_until))));
      if progress.days_until + interval '1 day' <= progress.hours_until then
        perform smarteros.mark_rollup('day', progress.days_until);
      elsif progress.weeks_until + interval '7 days' <= progress.days_until then
        perform smarteros.mark_rollup('week', progress.weeks_until);
      else
        more := false;
      end if;
    elsif work.resolution = 'day' then
      if smarteros.count_day(work) then
        delete from smarteros.rollup_work w where w.resolution = 'day' and w.ts = work.ts;
        perform smarteros.forget_old_rollups();
        if work.ts = progress.days_until then
          progress.days_until := progress.days_until + interval '1 day';
        elsif date_trunc('week', work.ts) < progress.weeks_until then
          perform smarteros.mark_rollup('week', date_trunc('week', work.ts));
        end if;
      end if;
    else
      if work.resolution = 'hour' then
        perform smarteros.count_hour(work.ts);
        hours := hours + 1;
        if work.ts < progress.days_until + interval '1 day' and work.ts < date_trunc('day', progress.hours_until) then
          perform smarteros.mark_rollup('day', date_trunc('day', work.ts));
        end if;
      else
        perform smarteros.count_week(work.ts);
        if work.ts = progress.weeks_until then
          progress.weeks_until := progress.weeks_until + interval '7 days';
        end if;
      end if;
      delete from smarteros.rollup_work w where w.resolution = work.resolution and w.ts = work.ts;
    end if;
  end loop;
  update smarteros.rollup_progress p
  set hours_until = progress.hours_until, days_until = progress.days_until, weeks_until = progress.weeks_until,
    recorded_until = seen_until, recorded_latest = progress.recorded_latest
  where p.one;
  more := more or seen_until < now();
  return next;
end
$$;

revoke all on function public.roll_up_calls(integer) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.roll_up_calls(integer) to service_role;

-- functions/roll_up_health
-- Counts days of which rows have come, at most 50 days of services at once, opens and closes incidents, and drops rows that
-- no one reads any more. After so many failures in a row a service is down, after so many successes up. May be called at any time, any number of times and side by side.
create or replace function public.roll_up_health(p_down_after integer default 3, p_up_after integer default 2)
returns table (days integer, more boolean)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  services text[];
  starts timestamptz[];
  name text;
begin
  if p_down_after is null or p_down_after not between 1 and 100 or p_up_after is null or p_up_after not between 1 and 100 then
    raise exception 'p_down_after and p_up_after must be 1 to 100' using errcode = '23514', constraint = 'thresholds_range';
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('smarteros.roll_up_health', 0)) then
    return query select 0, true;
    return;
  end if;
  -- Those that someone is marking at this moment have their turn next time.
  with due as (
    select u.service, u.ts from smarteros.health_uncounted u
    order by u.ts desc, u.service limit 50 for update skip locked
  ), taken as (
    delete from smarteros.health_uncounted u using due where u.service = due.service and u.ts = due.ts
    returning u.service, u.ts
  )
  select coalesce(array_agg(t.service), '{}'), coalesce(array_agg(t.ts), '{}') into services, starts
  -- Of older days the rows themselves may be gone: what is counted of them stays.
  from taken t where t.ts >= now() - interval '100 days';
  delete from smarteros.health_days d using unnest(services, starts) as todo (service, ts)
  where d.service = todo.service and d.ts = todo.ts;
  insert into smarteros.health_days
  select counted.*
  from unnest(services, starts) as todo (service, ts)
  cross join lateral smarteros.counted_health(
    array[todo.service], todo.ts, todo.ts + interval '1 day', interval '1 day'
  ) counted;
  for name in select distinct s.name from unnest(services) as s (name) order by 1 loop
    perform smarteros.follow_health(name, p_down_after, p_up_after);
  end loop;
  -- Also of services that no one looks at any more. Few of each at once, so that a large backlog ends no counting. What an
  -- earlier app had stored for longer when it was taken over stays.
  for name in select s.service from smarteros.health_states s order by 1 loop
    delete from public.external_health h
    where h.id in (
      select old.id from public.external_health old
      where old.service = name and old.created_at < now() - interval '101 days'
        and old.created_at >= coalesce((smarteros.setting('probes_adopted_at') #>> '{}')::timestamptz - interval '101 days', '-infinity')
      limit 1000
    );
  end loop;
  return query select cardinality(services), exists (select from smarteros.health_uncounted);
end
$$;

revoke all on function public.roll_up_health(integer, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.roll_up_health(integer, integer) to service_role;

-- functions/rolled_up_until
-- Hours before this moment are counted; null where nothing is yet.
create or replace function smarteros.rolled_up_until() returns timestamptz
language sql stable security definer set search_path = ''
as $$ select p.hours_until from smarteros.rollup_progress p $$;

revoke all on function smarteros.rolled_up_until() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.rolled_up_until() to authenticated;

-- functions/rollups_by
-- Returns the query for store_rollups that adds up rows of a finer resolution.
create or replace function smarteros.rollups_by(p_resolution text, p_from timestamptz, p_to timestamptz, p_condition text) returns text
language sql immutable set search_path = ''
as $$
  select format(
    'with r as materialized (
       select r.* from public.call_rollups r where r.resolution = %L and r.ts >= %L and r.ts < %L and %s
     )
     select r.scope, r.scope_key, r.tool, b.bin, b.calls, 0, 0
     from r cross join lateral unnest(r.bins, r.counts) as b (bin, calls)
     union all
     select r.scope, r.scope_key, r.tool, 0::smallint, 0, r.errors, r.limited from r', p_resolution, p_from, p_to, p_condition
  )
$$;

revoke all on function smarteros.rollups_by(text, timestamptz, timestamptz, text)
  from public, anon, authenticated, service_role, smarteros_fn;

-- functions/runs_matching
-- Finds steps for a change of many runs: with `p_state` `failed` those that failed, where the failure is the latest of the
-- service, and those that failed to be undone; with `open` those that are not over. By owner, vendor, kind of failure and time
-- since the last change; null is all.
create or replace function smarteros.runs_matching(
  p_state text, p_owner text, p_vendor text, p_error text, p_since timestamptz
) returns table (run_id uuid, vendor text)
language sql stable set search_path = ''
as $$
  select s.run_id, s.vendor
  from public.provision_steps s
  join public.tenants t on t.id = s.tenant_id
  join public.provision_runs r on r.id = s.run_id
  where s.state in ('queued', 'running', 'waiting', 'failed', 'undo_failed')
    and case p_state
      when 'failed' then s.state = 'undo_failed' or s.state = 'failed' and r.cancelled_at is null and not exists (
        select from public.provision_steps later
        where later.tenant_id = s.tenant_id and later.vendor = s.vendor and later.updated_at > s.updated_at
          and later.state not in ('skipped', 'cancelled')
      )
      else s.state not in ('failed', 'undo_failed')
    end
    and (p_owner is null or t.clerk_user_id = p_owner) and (p_vendor is null or s.vendor = p_vendor)
    and (p_error is null or s.error_kind = p_error) and (p_since is null or s.updated_at >= p_since)
$$;

revoke all on function smarteros.runs_matching(text, text, text, text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.runs_matching(text, text, text, text, timestamptz) to service_role, smarteros_fn;

-- functions/save_alert_rule
create or replace function public.save_alert_rule(p_definition jsonb) returns setof public.alert_rules
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.alert_rules as r (id, definition, created_by)
    values (p_definition ->> 'id', p_definition, smarteros.subject())
    on conflict (id) do update set definition = excluded.definition, updated_at = now()
    returning r.*;
end
$$;

revoke all on function public.save_alert_rule(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.save_alert_rule(jsonb) to authenticated;
alter function public.save_alert_rule(jsonb) owner to smarteros_fn;

-- functions/seal_audit
-- Seals hours that ended ten minutes ago and are not sealed, at most p_at_most, the first time the latest one alone. Begins
-- none after one second. May be called at any time and side by side. Returns the new seals.
create or replace function public.seal_audit(p_at_most integer default 24) returns table (hour timestamptz, rows bigint, hash text)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
  stop_at constant timestamptz := clock_timestamp() + interval '1 second';
  until constant timestamptz := date_trunc('hour', now() - interval '10 minutes');
  last smarteros.audit_seals;
  next_hour timestamptz;
  found_parts jsonb;
  next_hash text;
begin
  if p_at_most is null or p_at_most not between 1 and 1000 then
    raise exception 'p_at_most must be 1 to 1000' using errcode = '23514', constraint = 'p_at_most_range';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.seal_audit', 0));
  select s.* into last from smarteros.audit_seals s order by s.hour desc limit 1;
  for next_hour in
    select h from generate_series(
      coalesce(last.hour + interval '1 hour', until - interval '1 hour'), until - interval '1 hour', interval '1 hour'
    ) h limit p_at_most
  loop
    exit when clock_timestamp() > stop_at;
    found_parts := smarteros.seal_parts(next_hour);
    next_hash := smarteros.seal_hash(coalesce(last.hash, ''), next_hour, found_parts);
    insert into smarteros.audit_seals (hour, parts, previous, hash)
    values (next_hour, found_parts, coalesce(last.hash, ''), next_hash)
    returning * into last;
    return query select next_hour, coalesce((select sum((p -> 1)::bigint)::bigint from jsonb_array_elements(found_parts) p), 0),
      next_hash;
  end loop;
end
$$;

revoke all on function public.seal_audit(integer) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.seal_audit(integer) to service_role;

-- functions/seal_hash
create or replace function smarteros.seal_hash(p_previous text, p_hour timestamptz, p_parts jsonb) returns text
language sql stable set search_path = '' set timezone = 'UTC'
as $$ select encode(sha256(convert_to(jsonb_build_array(p_previous, p_hour, p_parts)::text, 'UTF8')), 'hex') $$;

revoke all on function smarteros.seal_hash(text, timestamptz, jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;

-- functions/seal_parts
create or replace function smarteros.seal_parts(p_hour timestamptz) returns jsonb
language sql stable set search_path = '' set timezone = 'UTC'
as $$
  select coalesce(jsonb_agg(jsonb_build_array(part.day, part.rows, part.hash) order by part.day), '[]')
  from (
    select i.created_at::date as day, count(*) as rows,
      encode(sha256(string_agg(sha256(convert_to(jsonb_build_array(
        i.id, i.created_at, i.user_id, i.tool, i.args, i.result, i.duration_ms, i.success, i.recorded_by, i.transport,
        i.tenant_id, i.code, i.request_id, i.trace_id, i.redacted, i.calls, i.recorded_at
      )::text, 'UTF8')), '' order by i.id, i.created_at)), 'hex') as hash
    from public.mcp_invocations i
    where i.recorded_at >= p_hour and i.recorded_at < p_hour + interval '1 hour'
    group by 1
  ) part
$$;

revoke all on function smarteros.seal_parts(timestamptz) from public, anon, authenticated, service_role, smarteros_fn;

-- functions/search_creation
-- Writes what a complete search says of the open creation of a task's tenant at its vendor: that it found nothing, which
-- counts where the last one counted is `p_gap` ago; or, with `p_doubt`, that the list hides what the vendor confirmed. Returns
-- it; no row: another worker may have the task, or none is open.
create or replace function public.search_creation(
  p_task_id uuid, p_claim uuid, p_gap interval, p_doubt boolean default false
) returns setof public.provision_intents
language sql volatile set search_path = ''
as $$
  update public.provision_intents i
  set doubtful = i.doubtful or p_doubt,
    empty_searches = i.empty_searches + counted.is_new::integer,
    searched_at = case when counted.is_new then clock_timestamp() else i.searched_at end
  from smarteros.held_task(p_task_id, p_claim) held
  join public.provision_intents o on o.tenant_id = held.tenant_id and o.vendor = held.vendor and o.settled_at is null
  cross join lateral (
    select not p_doubt and (o.searched_at is null or o.searched_at <= clock_timestamp() - p_gap) as is_new
  ) counted
  where i.id = o.id
  returning i.*
$$;

revoke all on function public.search_creation(uuid, uuid, interval, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.search_creation(uuid, uuid, interval, boolean) to service_role;

-- functions/search_invocations
-- Returns calls by any filter, newest first, keyset paged by the last one's created_at and id; and with p_intents those
-- intents that have been without their invocation for a minute, with the code outcome_unknown. `p_status`: a code, failed
-- for any but success, or error for those of them that ran. Who may not audit gets their own. The log is read backwards in
-- stretches of time, each four times as long as the one before, whose bounds are constants of their queries: the planner
-- opens the newest partitions alone where those have enough. A UUIDv7 tells itself in which days to look.
create or replace function public.search_invocations(
  p_id uuid default null,
  p_user text default null,
  p_tool text default null,
  p_tenant uuid default null,
  p_status text default null,
  p_request_id text default null,
  p_from timestamptz default null,
  p_to timestamptz default null,
  p_before timestamptz default null,
  p_before_id uuid default null,
  p_limit integer default 50,
  p_intents boolean default true
) returns table (id uuid, created_at timestamptz, user_id text, tool text, tenant_id uuid, code text, success boolean,
  duration_ms integer, calls integer, transport text, request_id text, trace_id text, redacted boolean, recorded_by text,
  held boolean, args text, result text)
language plpgsql stable security invoker set search_path = ''
as $$
declare
  -- Row level security says the same, but in words that no index answers.
  user_wanted constant text := case when smarteros.can('audit') then p_user else smarteros.subject() end;
  id_time constant timestamptz := smarteros.time_of_id(p_id);
  call_columns constant text := 'r.id, r.created_at, r.user_id, r.tool, r.tenant_id, r.code, r.success, r.duration_ms,
    r.calls, r.transport, r.request_id, r.trace_id, r.redacted, r.recorded_by';
  newest constant text := ' order by r.created_at desc, r.id desc limit $9)';
  with_intents constant boolean := p_status = 'outcome_unknown' or (p_status is null and p_intents);
  conditions text;
  status text := 'true';
  query text;
  earliest constant timestamptz := greatest(p_from, id_time - interval '1 day', '-infinity');
  -- The stretch that is read.
  since timestamptz;
  until timestamptz := least(p_to, p_before + interval '1 microsecond', id_time + interval '2 days', 'infinity');
  length interval := '1 day';
  missing integer := p_limit;
  found_rows integer;
begin
  if p_limit is null or p_limit not between 1 and 1000 then
    raise exception 'p_limit must be 1 to 1000' using errcode = '23514', constraint = 'p_limit_range';
  end if;
  conditions := concat_ws(' and ', 'r.created_at >= %1$L and r.created_at < %2$L',
    case when p_id is not null then 'r.id = $1' end,
    case when user_wanted is not null then 'r.user_id = $2' end,
    case when user_wanted is distinct from p_user and p_user is not null then 'r.user_id = $10' end,
    case when p_tool is not null then 'r.tool = $3' end,
    case when p_tenant is not null then 'r.tenant_id = $4' end,
    case when p_request_id is not null then 'r.request_id = $6' end,
    case when p_before is not null then '(r.created_at, r.id) < ($7, $8)' end
  );
  if p_status is not null then
    status := case p_status when 'ok' then 'r.success' when 'failed' then 'not r.success'
      when 'error' then 'not r.success and r.code is distinct from ''rate_limited''' else 'r.code = $5' end;
  end if;
  query := concat(
    'select * from (',
    case when p_status is distinct from 'outcome_unknown' then
      '(select ' || call_columns || ', false as held, r.args, r.result from public.mcp_invocations r where '
      || conditions || ' and ' || status || newest || ' union all '
      || '(select ' || call_columns || ', true, r.args, r.result from public.mcp_held_invocations r where '
      || conditions || ' and ' || status || newest
    end,
    case when p_status is null and with_intents then ' union all ' end,
    case when with_intents then
      '(select r.id, r.created_at, r.user_id, r.tool, r.tenant_id, ''outcome_unknown'', false, null::integer, 1,
        null::text, r.request_id, null::text, false, r.recorded_by, false as held, r.args, null::text as result
       from public.mcp_open_intents o join public.mcp_intents r on r.id = o.id
       where r.created_at < now() - interval ''1 minute'' and ' || conditions || newest
    end,
    ') found order by 2 desc, 1 desc limit $9'
  );
  loop
    since := greatest(earliest, date_trunc('day', least(until, now()) - length, 'UTC'));
    if p_id is not null or length > interval '300 days' then
      since := earliest;
    end if;
    return query execute format(query, since, until)
      using p_id, user_wanted, p_tool, p_tenant, p_status, p_request_id, p_before,
        coalesce(p_before_id, '00000000-0000-0000-0000-000000000000'::uuid), missing, p_user;
    get diagnostics found_rows = row_count;
    missing := missing - found_rows;
    exit when missing = 0 or since = earliest;
    until := since;
    length := length * 4;
  end loop;
end
$$;

revoke all on function public.search_invocations(uuid, text, text, uuid, text, text, timestamptz, timestamptz, timestamptz, uuid, integer, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.search_invocations(uuid, text, text, uuid, text, text, timestamptz, timestamptz, timestamptz, uuid, integer, boolean)
  to authenticated;

-- functions/sees_all_tenants
-- True where the current user sees and changes the tenants of every owner.
create or replace function smarteros.sees_all_tenants() returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(smarteros.role_of_claims() in ('support', 'admin'), false);
end
$$;

revoke all on function smarteros.sees_all_tenants() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.sees_all_tenants() to authenticated, smarteros_fn;

-- functions/self_report_problem
-- Names the first field of a self-reported row that cannot be stored, and why; null where there is none.
create or replace function smarteros.self_report_problem(p_row jsonb) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  a_uuid constant text := '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
  field text;
begin
  if jsonb_typeof(p_row) <> 'object' then
    return jsonb_build_object('field', '', 'problem', 'must be an object');
  end if;
  if jsonb_typeof(p_row -> 'tool') is distinct from 'string' then
    return jsonb_build_object('field', 'tool', 'problem', 'must be a text');
  end if;
  foreach field in array '{id,tenant_id}'::text[] loop
    if coalesce(p_row ->> field, '00000000-0000-0000-0000-000000000000') !~* a_uuid then
      return jsonb_build_object('field', field, 'problem', 'must be a UUID');
    end if;
  end loop;
  if smarteros.time_of_id((p_row ->> 'id')::uuid) not between now() - interval '1 day' and now() + interval '1 day' then
    return jsonb_build_object('field', 'id', 'problem', 'must be a UUIDv7 of today');
  end if;
  if jsonb_typeof(p_row -> 'duration_ms') is distinct from 'number'
    or (p_row ->> 'duration_ms')::numeric not between 0 and 86400000 then
    return jsonb_build_object('field', 'duration_ms', 'problem', 'must be 0 to 86400000');
  end if;
  if coalesce(jsonb_typeof(p_row -> 'calls'), 'null') not in ('number', 'null')
    or coalesce((p_row ->> 'calls')::numeric, 1) not between 1 and 10000 then
    return jsonb_build_object('field', 'calls', 'problem', 'must be 1 to 10000');
  end if;
  foreach field in array '{success,redacted}'::text[] loop
    if coalesce(jsonb_typeof(p_row -> field), 'null') not in ('boolean', 'null') then
      return jsonb_build_object('field', field, 'problem', 'must be true or false');
    end if;
  end loop;
  foreach field in array '{args,result,code,transport,request_id,trace_id}'::text[] loop
    if coalesce(jsonb_typeof(p_row -> field), 'null') not in ('string', 'null') then
      return jsonb_build_object('field', field, 'problem', 'must be a text');
    end if;
  end loop;
  if coalesce(p_row ->> 'trace_id', repeat('0', 32)) !~ '^[0-9a-f]{32}$' then
    return jsonb_build_object('field', 'trace_id', 'problem', 'must be 32 hexadecimal digits');
  end if;
  return null;
end
$$;

revoke all on function smarteros.self_report_problem(jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.self_report_problem(jsonb) to smarteros_fn;

-- functions/services_to_compare
-- Returns the next tenants by id with their services that a comparison looks at: those that are wanted or recorded, those with a
-- step that was not skipped, and those with a creation that is not settled. `services` is [{"vendor", "state", "held",
-- "requested", "error_kind", "half_made", "undo_failed"}]: `requested` where a person requested a service whose flag is off,
-- `half_made` where a creation is open that no task settles, `undo_failed` is the run that failed to undo what it created. No
-- service of a deleted tenant is returned unless deprovisioning was requested: they stay. `p_owner`, `p_tenant_id`
-- and `p_vendor` choose; null is all.
create or replace function public.services_to_compare(
  p_after uuid default null, p_limit integer default 50, p_owner text default null, p_tenant_id uuid default null,
  p_vendor text default null
) returns table (tenant_id uuid, services jsonb)
language sql stable set search_path = ''
as $$
  select page.id, coalesce(touched.services, '[]')
  from (
    select t.id from public.tenants t
    where (p_after is null or t.id > p_after) and (p_owner is null or t.clerk_user_id = p_owner)
      and (p_tenant_id is null or t.id = p_tenant_id)
    order by t.id
    limit least(greatest(p_limit, 1), 200)
  ) page
  cross join lateral (
    select jsonb_agg(jsonb_build_object(
      'vendor', s.vendor, 'state', s.state, 'held', s.held, 'error_kind', s.error_kind,
      'requested', t.active and not s.wanted and s.action = 'provision' and r.requested_by <> 'system',
      'half_made', intent.id is not null and not exists (
        select from public.tasks k
        where k.tenant_id = s.tenant_id and k.queue = s.vendor and k.state in ('scheduled', 'queued', 'running')
      ),
      'undo_failed', undo.run_id
    ) order by s.vendor) as services
    from public.tenants t
    join public.tenant_services s on s.tenant_id = t.id
    left join public.provision_runs r on r.id = s.run_id
    left join public.provision_intents intent
      on intent.tenant_id = s.tenant_id and intent.vendor = s.vendor and intent.settled_at is null
    left join lateral (
      select u.run_id from public.provision_steps u
      where u.tenant_id = s.tenant_id and u.vendor = s.vendor and u.state = 'undo_failed'
      order by u.updated_at desc limit 1
    ) undo on true
    where t.id = page.id and (p_vendor is null or s.vendor = p_vendor)
      and (
        s.wanted or s.external_id is not null or intent.id is not null
        or exists (
          select from public.provision_steps u
          where u.tenant_id = s.tenant_id and u.vendor = s.vendor and u.state <> 'skipped'
        )
      )
      and (
        t.active or undo.run_id is not null
        or exists (
          select from public.tenant_events e
          where e.tenant_id = t.id and e.type = 'tenant.deprovision_requested' and e.created_at >= t.deleted_at
        )
      )
  ) touched
  order by page.id
$$;

revoke all on function public.services_to_compare(uuid, integer, text, uuid, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.services_to_compare(uuid, integer, text, uuid, text) to service_role;

-- functions/set_tenant_active
-- Deletes (softly) and restores. Asked twice it changes nothing the second time and answers with the row as it is.
create or replace function public.set_tenant_active(p_id uuid, p_active boolean, p_deprovision boolean default false)
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  if p_active is null then
    raise exception 'p_active must be true or false'
      using errcode = '23514', constraint = 'set_tenant_active_given', schema = 'public', table = 'tenants';
  end if;
  -- A tenant that was deleted within 30 days counts all along.
  if p_active and exists (
    select from public.tenants t
    where t.id = p_id and t.clerk_user_id = smarteros.subject() and t.deleted_at <= now() - interval '30 days'
  ) then
    perform smarteros.require_tenant_quota();
  end if;
  update public.tenants t
  set active = p_active, deleted_at = case when not p_active then now() end
  where t.id = p_id
    and t.active <> p_active
    and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if p_deprovision and not p_active then
    insert into public.tenant_events (type, tenant_id, payload)
    select 'tenant.deprovision_requested', t.id, jsonb_build_object('actor', smarteros.subject())
    from public.tenants t
    where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  end if;
  return query
    select t.*
    from public.tenants t
    where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
end
$$;

revoke all on function public.set_tenant_active(uuid, boolean, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.set_tenant_active(uuid, boolean, boolean) to authenticated;
alter function public.set_tenant_active(uuid, boolean, boolean) owner to smarteros_fn;

-- functions/setting
-- Returns a setting, or null where it has its default. Security definer: policies call it as the current role.
create or replace function smarteros.setting(p_name text) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (select s.value from smarteros.settings s where s.name = p_name);
end
$$;

revoke all on function smarteros.setting(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.setting(text) to authenticated, smarteros_fn;

-- functions/settle_creation
-- Ends the open creation of a task's tenant at its vendor by evidence: `created`, `refused`, `found` or `absent`. No row:
-- another worker may have the task, or none is open.
create or replace function public.settle_creation(p_task_id uuid, p_claim uuid, p_as text) returns setof public.provision_intents
language sql volatile set search_path = ''
as $$
  update public.provision_intents i
  set settled_at = clock_timestamp(), settled_as = p_as
  from smarteros.held_task(p_task_id, p_claim) held
  where i.tenant_id = held.tenant_id and i.vendor = held.vendor and i.settled_at is null
  returning i.*
$$;

revoke all on function public.settle_creation(uuid, uuid, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.settle_creation(uuid, uuid, text) to service_role;

-- functions/settle_event
-- Ends the work on an event: as processed, or with what failed, which counts as an attempt. A failed event is claimed again
-- after its lease.
create or replace function public.settle_event(p_id bigint, p_problem text default null) returns void
language sql volatile set search_path = ''
as $$
  update public.tenant_events e
  set processed_at = case when p_problem is null then clock_timestamp() end,
    attempts = e.attempts + (p_problem is not null)::integer, last_error = left(p_problem, 500)
  where e.id = p_id and e.processed_at is null
$$;

revoke all on function public.settle_event(bigint, text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.settle_event(bigint, text) to service_role;

-- functions/settle_provision_run
-- Derives the state of a run from its steps. With the last step of a cancelled run, what the run created is to be undone: a
-- task for each step, unless it has one.
create or replace function smarteros.settle_provision_run(p_run_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  settled text;
begin
  update public.provision_runs run
  set state = steps.state, finished_at = case when steps.state not in ('queued', 'running') then now() end
  from (
    select case
        when bool_or(s.state in ('running', 'waiting')) then 'running'
        when bool_or(s.state = 'queued') then case when bool_and(s.state = 'queued') then 'queued' else 'running' end
        when r.cancelled_at is not null then 'cancelled'
        when not bool_or(s.state = 'failed') then 'succeeded'
        when bool_and(s.state = 'failed') then 'failed'
        else 'partial'
      end as state
    from public.provision_steps s join public.provision_runs r on r.id = s.run_id
    where s.run_id = p_run_id
    group by r.cancelled_at
  ) steps
  where run.id = p_run_id and run.state <> steps.state
  returning run.state into settled;
  if settled = 'cancelled' then
    update public.provision_steps s
    set task_id = smarteros.insert_step_task(s.id, 'undo')
    where s.run_id = p_run_id and s.created and s.state = 'succeeded';
  end if;
end
$$;

revoke all on function smarteros.settle_provision_run(uuid)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.settle_provision_run(uuid) to service_role, smarteros_fn;

-- functions/spans
-- What of a time is counted ahead, and by what. Without a search path of its own, so that it is written into the query.
create or replace function smarteros.spans(p_cut smarteros.time_cut)
returns table (resolution text, since timestamptz, until timestamptz)
language sql immutable rows 5
as $$
  values ('hour', (p_cut).hours_from, (p_cut).days_from), ('day', (p_cut).days_from, (p_cut).weeks_from),
    ('week', (p_cut).weeks_from, (p_cut).weeks_to), ('day', (p_cut).weeks_to, (p_cut).days_to),
    ('hour', (p_cut).days_to, (p_cut).hours_to)
$$;

revoke all on function smarteros.spans(smarteros.time_cut)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.spans(smarteros.time_cut) to authenticated;

-- functions/store_alert_pass
-- Stores what a pass came to, all of it or nothing: answers false where another monitor's pass came before it.
create or replace function public.store_alert_pass(
  p_version bigint, p_state jsonb, p_rules jsonb, p_incidents jsonb, p_notifications jsonb
) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_version = 0 then
    insert into public.alert_states (id, version, state, rules) values ('monitor', 1, p_state, p_rules)
    on conflict do nothing;
  else
    update public.alert_states s set version = s.version + 1, state = p_state, rules = p_rules, at = now()
    where s.id = 'monitor' and s.version = p_version;
  end if;
  if not found then
    return false;
  end if;
  insert into public.alert_incidents as i (id, alert_group, opened_at, closed_at, subjects)
  select p.id, p."group", p."openedAt", p."closedAt", p.subjects
  from jsonb_to_recordset(p_incidents)
    as p (id text, "group" text, "openedAt" timestamptz, "closedAt" timestamptz, subjects jsonb)
  on conflict (id) do update set closed_at = excluded.closed_at,
    -- What failed stays to be read when it is over.
    subjects = case when excluded.subjects = '[]' then i.subjects else excluded.subjects end;
  insert into public.alert_deliveries (notification, target_id, kind, payload)
  select n ->> 'key', t.id, n ->> 'kind', n - 'targets'
  from jsonb_array_elements(p_notifications) n
  cross join lateral (
    select array(
      select k.id from public.alert_targets k
      where k.removed_at is null and jsonb_typeof(n -> 'targets') = 'array' and n -> 'targets' ? k.name
    ) as ids
  ) named
  join public.alert_targets t on t.removed_at is null
    and case
      when named.ids <> '{}' then t.id = any (named.ids)
      when jsonb_typeof(n -> 'targets') is distinct from 'array' then true
      when n ->> 'kind' = 'resolved' then exists (
        select from public.alert_deliveries d
        where d.target_id = t.id and d.payload ->> 'incident' = n ->> 'incident'
      )
      else n -> 'targets' <> '[]'
    end
  on conflict do nothing;
  delete from public.alert_deliveries d where d.state <> 'pending' and d.created_at < now() - interval '90 days';
  return true;
end
$$;

revoke all on function public.store_alert_pass(bigint, jsonb, jsonb, jsonb, jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.store_alert_pass(bigint, jsonb, jsonb, jsonb, jsonb) to service_role;

-- functions/store_rollups
-- Writes to call_rollups what the query p_source counts: rows (scope, scope_key, tool, bin, calls, errors, limited), with $1
-- and $2 for p_after and p_until. Replaces what stands there. A key never vanishes: the log loses no calls of a time that
-- can still be counted.
create or replace function smarteros.store_rollups(
  p_resolution text, p_ts timestamptz, p_source text, p_after text default null, p_until text default null
) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  execute format(
    'insert into public.call_rollups as r (resolution, scope, scope_key, ts, tool, calls, errors, limited, bins, counts)
     select %L, b.scope, b.scope_key, %L, b.tool, sum(b.calls), sum(b.errors), sum(b.limited),
       coalesce(array_agg(b.bin order by b.bin) filter (where b.calls > 0), ''{}''),
       coalesce(array_agg(b.calls::integer order by b.bin) filter (where b.calls > 0), ''{}'')
     from (
       select s.scope, s.scope_key, s.tool, s.bin, sum(s.calls) as calls, sum(s.errors) as errors, sum(s.limited) as limited
       from (%s) as s (scope, scope_key, tool, bin, calls, errors, limited)
       where s.scope_key is not null
       group by 1, 2, 3, 4
     ) b
     group by b.scope, b.scope_key, b.tool
     on conflict (resolution, scope, scope_key, tool, ts) do update
       set calls = excluded.calls, errors = excluded.errors, limited = excluded.limited, bins = excluded.bins,
         counts = excluded.counts
       where (r.calls, r.errors, r.limited, r.counts)
         is distinct from (excluded.calls, excluded.errors, excluded.limited, excluded.counts)',
    p_resolution, p_ts, p_source
  ) using p_after, p_until;
end
$$;

revoke all on function smarteros.store_rollups(text, timestamptz, text, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;

-- functions/subject
create or replace function smarteros.subject() returns text
language plpgsql stable set search_path = ''
as $$
declare
  claims constant jsonb := smarteros.claims();
begin
  return case when jsonb_typeof(claims -> 'sub') = 'string' then nullif(btrim(claims ->> 'sub'), '') end;
end
$$;

revoke all on function smarteros.subject() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.subject() to authenticated, smarteros_fn;

-- functions/summarize_calls
-- Counts, error rates and latencies (ms) of a time, in all, by moment and by tool, with the time before it, of the same
-- length by whole hours or days, where all of it was counted. Users see their own calls. `p_step` is the length of a moment
-- in seconds. By the hour calls are counted for everybody's tools, for each user and each tenant; those of a user or tenant
-- by tool are by the day alone, and those of a user about one tenant not at all. What users reported themselves counts in the
-- current user's own view alone; elsewhere it stands apart, as selfReported.
create or replace function public.summarize_calls(
  p_from timestamptz,
  p_to timestamptz,
  p_step integer,
  p_tool text default null,
  p_user text default null,
  p_tenant uuid default null
) returns jsonb
language plpgsql stable security invoker set search_path = '' set timezone = 'UTC'
as $$
declare
  sees_all constant boolean := smarteros.can('audit');
  step constant interval := make_interval(secs => p_step);
  whose text;
  key text;
  own boolean;
  scopes text[];
  is_counted boolean;
  by_hour boolean;
  by_day boolean;
  before_unit interval;
  before_from timestamptz;
  before_to timestamptz;
  -- How the time is cut: for moments, for tools, and the time before.
  moments smarteros.time_cut;
  tools smarteros.time_cut;
  earlier smarteros.time_cut;
  answer jsonb;
begin
  if smarteros.subject() is null or not smarteros.can('read') then
    raise exception 'this needs the capability "read"' using errcode = '42501';
  end if;
  if p_from is null or p_to is null or p_from >= p_to or p_to - p_from > interval '400 days' then
    raise exception 'p_from must be before p_to, by 400 days at most' using errcode = '23514', constraint = 'time_range';
  end if;
  if p_step is null or p_step < 300 or p_step % 300 <> 0 or extract(epoch from p_to - p_from) / p_step > 1000 then
    raise exception 'p_step must be whole five minutes, 1000 of them at most' using errcode = '23514', constraint = 'step_range';
  end if;
  if p_user is not null and p_tenant is not null then
    raise exception 'one user or one tenant' using errcode = '23514', constraint = 'user_or_tenant';
  end if;
  whose := case when p_user is not null or not sees_all then 'user' when p_tenant is not null then 'tenant' else 'all' end;
  -- Another's, for who may not audit, are hidden by row level security.
  key := case whose when 'user' then coalesce(p_user, smarteros.subject()) when 'tenant' then p_tenant::text else '' end;
  own := whose = 'user' and key = smarteros.subject();
  scopes := case when own then '{user,self}'::text[] else array[whose] end;
  is_counted := whose <> 'user' or p_tenant is null;
  by_hour := is_counted and p_step >= 3600 and (whose = 'all' or p_tool is null);
  by_day := is_counted and p_step >= 86400;

  moments := smarteros.cut_time(p_from, p_to, by_hour, by_day, false);
  tools := smarteros.cut_time(p_from, p_to, by_hour and whose = 'all', is_counted and p_step >= 3600, by_hour and whose = 'all');
  before_to := p_from;
  before_from := p_from - (p_to - p_from);
  if by_hour or by_day then
    before_unit := case when by_hour then interval '1 hour' else interval '1 day' end;
    before_to := date_bin(before_unit, p_from, '2000-01-01');
    before_from := before_to - before_unit
      * greatest(1, round(extract(epoch from p_to - p_from) / extract(epoch from before_unit)))::integer;
  end if;
  earlier := smarteros.cut_time(before_from, before_to, by_hour, is_counted and p_step >= 3600, by_hour);

  with raw as materialized (
    -- What is not counted ahead, and what it is for.
    select bin.of_self, bin.of_before, bin.of_moments, bin.of_tools, bin.ts, bin.tool, sum(bin.calls) as calls, sum(bin.errors) as errors,
      sum(bin.limited) as limited, array_agg(bin.bin) as bins, array_agg(bin.calls) as counts
    from (
      select i.recorded_by = 'self' and not own as of_self, i.created_at < p_from as of_before,
        i.created_at >= p_from and not (i.created_at >= moments.hours_from and i.created_at < moments.hours_to) as of_moments,
        i.created_at >= p_from and not (i.created_at >= tools.hours_from and i.created_at < tools.hours_to) as of_tools,
        date_bin(step, i.created_at, '2000-01-01') as ts, i.tool, smarteros.latency_bin(i.duration_ms) as bin,
        count(*) filter (where i.code is distinct from 'rate_limited')::integer as calls,
        count(*) filter (where not i.success and i.code is distinct from 'rate_limited')::integer as errors,
        coalesce(sum(i.calls) filter (where i.code = 'rate_limited'), 0) as limited
      from public.mcp_invocations i
      where ((i.created_at >= p_from and i.created_at < greatest(moments.hours_from, tools.hours_from))
          or (i.created_at >= least(moments.hours_to, tools.hours_to) and i.created_at < p_to)
          or (i.created_at >= before_from and i.created_at < earlier.hours_from)
          or (i.created_at >= earlier.hours_to and i.created_at < before_to))
        and (whose <> 'user' or i.user_id = key)
        and (p_tenant is null or i.tenant_id = p_tenant)
        and (p_tool is null or i.tool = p_tool)
      group by 1, 2, 3, 4, 5, 6, 7
    ) bin
    group by 1, 2, 3, 4, 5, 6
  ), piece as materialized (
    -- All that is added up; of a moment `ts` says which, of a tool `tool`.
    select 'moment' as kind, date_bin(step, r.ts, '2000-01-01') as ts, '' as tool,
      r.calls::bigint, r.errors::bigint, r.limited::bigint, r.bins, r.counts
    from smarteros.spans(moments) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = any (scopes) and r.scope_key = key and r.tool = coalesce(p_tool, '')
    union all
    select 'before', null, '', r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(earlier) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = any (scopes) and r.scope_key = key and r.tool = coalesce(p_tool, '')
    union all
    select 'tool', null, r.tool, r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(tools) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = any (scopes) and r.scope_key = key and case when p_tool is null then r.tool <> '' else r.tool = p_tool end
    union all
    select 'moment', raw.ts, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_moments and not raw.of_self
    union all
    select 'before', null, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_before and not raw.of_self
    union all
    select 'tool', null, raw.tool, raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_tools and not raw.of_self
    union all
    select 'self', null, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_moments and raw.of_self
    union all
    select 'self', null, '', r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(moments) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where not own and r.scope = case whose when 'tenant' then 'self_tenant' else 'self' end and r.scope_key = key
      and r.tool = coalesce(p_tool, '')
  ), binned as materialized (
    select pair.kind, pair.ts, pair.tool, pair.bin, sum(pair.calls) as calls
    from (select p.kind, p.ts, p.tool, unnest(p.bins) as bin, unnest(p.counts) as calls from piece p) pair
    where pair.calls > 0
    group by 1, 2, 3, 4
  ), latencies as (
    select b.kind, b.ts, b.tool, array_agg(b.bin) as bins, array_agg(b.calls) as counts
    from (
      select binned.* from binned
      union all
      select 'total', null, '', binned.bin, sum(binned.calls)::bigint from binned where binned.kind = 'moment' group by binned.bin
    ) b
    group by 1, 2, 3
  ), sums as (
    select piece.kind, piece.ts, piece.tool, sum(piece.calls) as calls, sum(piece.errors) as errors, sum(piece.limited) as limited
    from piece group by 1, 2, 3
    union all
    select 'total', null, '', sum(piece.calls), sum(piece.errors), sum(piece.limited) from piece where piece.kind = 'moment'
  ), line as materialized (
    select s.kind, s.ts, s.tool, s.calls, smarteros.call_figures(s.calls, s.errors, s.limited, l.bins, l.counts) as figures
    from sums s left join latencies l on l.kind = s.kind and l.ts is not distinct from s.ts and l.tool = s.tool
  )
  select jsonb_build_object(
    'total', (select l.figures from line l where l.kind = 'total'),
    'before', case when before_from >= smarteros.counted_since() then
      jsonb_build_object('from', before_from, 'to', before_to) || coalesce(
        (select l.figures from line l where l.kind = 'before'), smarteros.call_figures(0, 0, 0, null, null))
    end,
    'moments', coalesce((
      select jsonb_agg(jsonb_build_object('at', l.ts) || l.figures order by l.ts)
      from line l where l.kind = 'moment'), '[]'),
    'tools', coalesce((
      select jsonb_agg(jsonb_build_object('tool', l.tool) || l.figures order by l.calls desc, l.tool)
      from line l where l.kind = 'tool'), '[]'),
    -- How many calls of each moment took less than 10, 30, 100, 300, 1000, 3000 ms, and more.
    'latencies', coalesce((
      select jsonb_agg(jsonb_build_array(heat.ts, heat.band, heat.calls) order by heat.ts, heat.band)
      from (
        select binned.ts, width_bucket(smarteros.bin_ms(binned.bin), array[10, 30, 100, 300, 1000, 3000]::float8[]) as band,
          sum(binned.calls) as calls
        from binned where binned.kind = 'moment' group by 1, 2
      ) heat), '[]'),
    'selfReported', case when not own then coalesce(
      (select l.figures from line l where l.kind = 'self'), smarteros.call_figures(0, 0, 0, null, null))
    end,
    'countedUntil', smarteros.rolled_up_until()
  ) into answer;
  return answer;
end
$$;

revoke all on function public.summarize_calls(timestamptz, timestamptz, integer, text, text, uuid)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.summarize_calls(timestamptz, timestamptz, integer, text, text, uuid)
  to authenticated;

-- functions/take_task
-- Returns the state of a request to its requester and, once it is over, its result or error; that of `health` to everyone with
-- `read`. What a workflow returned is deleted by the same call: it is returned once. No row: no such request of the current
-- user.
create or replace function public.take_task(p_id uuid) returns table (state text, result jsonb, error jsonb)
language plpgsql volatile security definer set search_path = ''
as $$
declare
  task public.tasks;
begin
  perform smarteros.require('read');
  select t.* into task from public.tasks t
  where t.id = p_id and t.queue = 'requests' and (t.requested_by = smarteros.subject() or t.kind = 'health');
  if not found then
    return;
  end if;
  if task.finished_at is null then
    return query select task.state, null::jsonb, null::jsonb;
    return;
  end if;
  if task.kind = 'trigger' and (task.result is not null or task.error ? 'message') then
    update public.tasks t set result = null, error = t.error - 'message' where t.id = p_id;
  end if;
  return query select task.state, task.result, task.error;
end
$$;

revoke all on function public.take_task(uuid) from public, anon, authenticated, service_role;
grant execute on function public.take_task(uuid) to authenticated;
alter function public.take_task(uuid) owner to smarteros_fn;

-- functions/task_slack
-- Returns how long a task of a priority may wait behind one that is urgent and came later.
create or replace function smarteros.task_slack(p_priority smallint) returns interval
language sql immutable set search_path = ''
as $$
  select case p_priority
    when 0 then interval '0'
    when 1 then interval '30 seconds'
    when 2 then interval '5 minutes'
    else interval '30 minutes'
  end
$$;

revoke all on function smarteros.task_slack(smallint) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.task_slack(smallint) to service_role, smarteros_fn;

-- functions/tenant_matches
-- strpos and not like: what a person types holds no wildcards. Only in a RUT are dots, dashes and blanks nothing.
create or replace function smarteros.tenant_matches(p_business_name text, p_rut text, p_search text) returns boolean
language sql immutable parallel safe
as $$
  select strpos(smarteros.folded(p_business_name), smarteros.folded(smarteros.trimmed(p_search))) > 0
    or coalesce(
      strpos(replace(p_rut, '-', ''), nullif(upper(regexp_replace(p_search, '[.\s-]', '', 'g')), '')) > 0,
      false
    )
$$;

revoke all on function smarteros.tenant_matches(text, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.tenant_matches(text, text, text) to authenticated;

-- functions/test_alert_target
-- Puts a test message into the outbox, which the monitor delivers like any other.
create or replace function public.test_alert_target(p_id uuid) returns setof public.alert_deliveries
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.alert_deliveries as d (notification, target_id, kind, payload)
    select 'test@' || gen_random_uuid(), t.id, 'test', jsonb_build_object('kind', 'test', 'group', 'test', 'at', now())
    from public.alert_targets t where t.id = p_id and t.removed_at is null
    returning d.*;
end
$$;

revoke all on function public.test_alert_target(uuid) from public, anon, authenticated, service_role;
grant execute on function public.test_alert_target(uuid) to authenticated;
alter function public.test_alert_target(uuid) owner to smarteros_fn;

-- functions/time_of_id
-- Returns the time of a UUIDv7, or null for any other UUID.
create or replace function smarteros.time_of_id(p_id uuid) returns timestamptz
language sql immutable parallel safe
as $$
  select case when substr(p_id::text, 15, 1) = '7' then
    to_timestamp(('x0000' || substr(replace(p_id::text, '-', ''), 1, 12))::bit(64)::bigint / 1000.0)
  end
$$;

revoke all on function smarteros.time_of_id(uuid) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.time_of_id(uuid) to authenticated, smarteros_fn;

-- functions/touch_updated_at
create or replace function smarteros.touch_updated_at() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.updated_at := clock_timestamp();
  -- Who writes `active` alone, as an earlier app does with the service key.
  new.deleted_at := case when not new.active then coalesce(new.deleted_at, now()) end;
  return new;
end
$$;

revoke all on function smarteros.touch_updated_at() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger tenants_touch_updated_at before update on public.tenants
for each row when (old.* is distinct from new.*) execute function smarteros.touch_updated_at();

-- functions/vendor_health
-- Returns the health of the vendors that a worker found within 30 s; null: none did.
create or replace function public.vendor_health() returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform smarteros.require('read');
  return (
    select t.result from public.tasks t
    where t.queue = 'requests' and t.kind = 'health' and t.state = 'succeeded' and t.finished_at > now() - interval '30 seconds'
    order by t.finished_at desc
    limit 1
  );
end
$$;

revoke all on function public.vendor_health() from public, anon, authenticated, service_role;
grant execute on function public.vendor_health() to authenticated;
alter function public.vendor_health() owner to smarteros_fn;

-- functions/verify_seals
-- Looks at the seals after an hour, at most p_at_most and as many as one second allows, in order: whether each follows from the one before and is that of
-- the rows that are there. `problem`: changed, added, removed (of the hour's rows), broken (the seal itself is another),
-- missing (the hours before it have none).
create or replace function public.verify_seals(p_after timestamptz default null, p_at_most integer default 24)
returns table (hour timestamptz, hash text, problem text)
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
#variable_conflict use_column
declare
  stop_at constant timestamptz := clock_timestamp() + interval '1 second';
  gone_before constant date := coalesce((select r.kept_from from smarteros.retention r), '-infinity');
  before smarteros.audit_seals;
  seal smarteros.audit_seals;
  -- How many rows the seal and the hour have of the days that are kept, and what their hashes are.
  sealed record;
  there record;
begin
  if p_at_most is null or p_at_most not between 1 and 1000 then
    raise exception 'p_at_most must be 1 to 1000' using errcode = '23514', constraint = 'p_at_most_range';
  end if;
  select s.* into before from smarteros.audit_seals s where s.hour <= p_after order by s.hour desc limit 1;
  for seal in
    select s.* from smarteros.audit_seals s where p_after is null or s.hour > p_after order by s.hour limit p_at_most
  loop
    select coalesce(sum((p -> 1)::bigint), 0) as rows, jsonb_agg(p) as parts into sealed
    from jsonb_array_elements(seal.parts) p where (p ->> 0)::date >= gone_before;
    select coalesce(sum((p -> 1)::bigint), 0) as rows, jsonb_agg(p) as parts into there
    from jsonb_array_elements(smarteros.seal_parts(seal.hour)) p where (p ->> 0)::date >= gone_before;
    hour := seal.hour;
    hash := seal.hash;
    problem := case
      when before.hour is not null and seal.hour <> before.hour + interval '1 hour' then 'missing'
      when seal.previous <> coalesce(before.hash, '')
        or seal.hash <> smarteros.seal_hash(seal.previous, seal.hour, seal.parts) then 'broken'
      when there.rows > sealed.rows then 'added'
      when there.rows < sealed.rows then 'removed'
      when there.parts is distinct from sealed.parts then 'changed'
    end;
    return next;
    before := seal;
    exit when clock_timestamp() > stop_at;
  end loop;
end
$$;

revoke all on function public.verify_seals(timestamptz, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.verify_seals(timestamptz, integer) to service_role;

-- functions/wake_workers
-- Notifies workers that listen on a session connection of queues with tasks to claim.
create or replace function smarteros.wake_workers(p_queues text[]) returns void
language sql volatile set search_path = ''
as $$
  select pg_catalog.pg_notify('smarteros_tasks', queue) from unnest(p_queues) queue
$$;

revoke all on function smarteros.wake_workers(text[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.wake_workers(text[]) to service_role, smarteros_fn;

-- functions/worker_silence
-- Returns the seconds since a worker last reported; null when none has within a day.
create or replace function public.worker_silence() returns double precision
language sql stable security definer set search_path = ''
as $$
  select extract(epoch from now() - max(w.seen_at))::double precision from public.provision_workers w
$$;

revoke all on function public.worker_silence() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.worker_silence() to authenticated, service_role;
alter function public.worker_silence() owner to smarteros_fn;

-- functions/write_tenant_events
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

-- policies/adopted_rows
alter table smarteros.adopted_rows enable row level security;
alter table smarteros.adopted_rows force row level security;

revoke all on smarteros.adopted_rows from public, anon, authenticated, service_role, smarteros_fn;

-- policies/adoption
alter table smarteros.adoption enable row level security;
alter table smarteros.adoption force row level security;

revoke all on smarteros.adoption from public, anon, authenticated, service_role, smarteros_fn;

-- policies/alert_deliveries
alter table public.alert_deliveries enable row level security;
alter table public.alert_deliveries force row level security;

create policy alert_deliveries_read_audit on public.alert_deliveries for select to authenticated
using ((select smarteros.can('audit')));

create policy alert_deliveries_tested_by_admin on public.alert_deliveries for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));

revoke all on public.alert_deliveries from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_deliveries to authenticated, service_role;
grant select, insert, update on public.alert_deliveries to smarteros_fn;

-- policies/alert_incidents
alter table public.alert_incidents enable row level security;
alter table public.alert_incidents force row level security;

create policy alert_incidents_read_audit on public.alert_incidents for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.alert_incidents from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_incidents to authenticated, service_role;

-- policies/alert_mutes
alter table public.alert_mutes enable row level security;
alter table public.alert_mutes force row level security;

create policy alert_mutes_kept_by_admin on public.alert_mutes for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));

create policy alert_mutes_read_audit on public.alert_mutes for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.alert_mutes from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_mutes to authenticated, service_role;
grant select, insert, update on public.alert_mutes to smarteros_fn;

-- policies/alert_rules
alter table public.alert_rules enable row level security;
alter table public.alert_rules force row level security;

create policy alert_rules_kept_by_admin on public.alert_rules for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));

create policy alert_rules_read_audit on public.alert_rules for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.alert_rules from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_rules to authenticated, service_role;
grant select, insert, update, delete on public.alert_rules to smarteros_fn;

-- policies/alert_states
alter table public.alert_states enable row level security;
alter table public.alert_states force row level security;

create policy alert_states_read_audit on public.alert_states for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.alert_states from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_states to authenticated, service_role;

-- policies/alert_target_secrets
alter table smarteros.alert_target_secrets enable row level security;
alter table smarteros.alert_target_secrets force row level security;

create policy alert_target_secrets_kept_by_admin on smarteros.alert_target_secrets for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));

revoke all on smarteros.alert_target_secrets from public, anon, authenticated, service_role, smarteros_fn;
grant insert, delete on smarteros.alert_target_secrets to smarteros_fn;
grant select (target_id) on smarteros.alert_target_secrets to smarteros_fn;

-- policies/alert_targets
alter table public.alert_targets enable row level security;
alter table public.alert_targets force row level security;

create policy alert_targets_kept_by_admin on public.alert_targets for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));

create policy alert_targets_read_audit on public.alert_targets for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.alert_targets from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.alert_targets to authenticated, service_role;
grant select, insert, update on public.alert_targets to smarteros_fn;

-- policies/audit_seals
alter table smarteros.audit_seals enable row level security;
alter table smarteros.audit_seals force row level security;

revoke all on smarteros.audit_seals from public, anon, authenticated, service_role, smarteros_fn;

-- policies/call_rollups
alter table public.call_rollups enable row level security;
alter table public.call_rollups force row level security;

create policy call_rollups_read_own_or_audit on public.call_rollups for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (scope in ('user', 'self') and scope_key = (select smarteros.subject()))
    or (select smarteros.can('audit'))
  )
);

revoke all on public.call_rollups from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.call_rollups to authenticated, service_role;

-- policies/external_health
alter table public.external_health enable row level security;
alter table public.external_health force row level security;

create policy external_health_read_by_known_roles on public.external_health for select to authenticated
using ((select smarteros.can('read')));

create policy external_health_read_for_timeline on public.external_health for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on public.external_health from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.external_health to authenticated, smarteros_fn;
grant select, insert on public.external_health to service_role;

-- policies/health_days
alter table smarteros.health_days enable row level security;
alter table smarteros.health_days force row level security;

create policy health_days_read on smarteros.health_days for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on smarteros.health_days from public, anon, authenticated, service_role, smarteros_fn;
grant select on smarteros.health_days to smarteros_fn;

-- policies/health_incidents
alter table smarteros.health_incidents enable row level security;
alter table smarteros.health_incidents force row level security;

create policy health_incidents_read on smarteros.health_incidents for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on smarteros.health_incidents from public, anon, authenticated, service_role, smarteros_fn;
grant select on smarteros.health_incidents to smarteros_fn;

-- policies/health_states
alter table smarteros.health_states enable row level security;
alter table smarteros.health_states force row level security;

create policy health_states_read on smarteros.health_states for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on smarteros.health_states from public, anon, authenticated, service_role, smarteros_fn;
grant select on smarteros.health_states to smarteros_fn;

-- policies/health_uncounted
alter table smarteros.health_uncounted enable row level security;
alter table smarteros.health_uncounted force row level security;

create policy health_uncounted_read on smarteros.health_uncounted for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on smarteros.health_uncounted from public, anon, authenticated, service_role, smarteros_fn;
grant select on smarteros.health_uncounted to smarteros_fn;

-- policies/known_tools
alter table smarteros.known_tools enable row level security;
alter table smarteros.known_tools force row level security;

create policy known_tools_read on smarteros.known_tools for select to smarteros_fn
using (true);

revoke all on smarteros.known_tools from public, anon, authenticated, service_role, smarteros_fn;
grant select on smarteros.known_tools to smarteros_fn;

-- policies/legal_holds
alter table public.legal_holds enable row level security;
alter table public.legal_holds force row level security;

create policy legal_holds_read_audit on public.legal_holds for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.legal_holds from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.legal_holds to authenticated;
grant select, insert on public.legal_holds to service_role;
grant update (released_at) on public.legal_holds to service_role;

-- policies/maintenance_windows
alter table smarteros.maintenance_windows enable row level security;
alter table smarteros.maintenance_windows force row level security;

create policy maintenance_windows_create on smarteros.maintenance_windows for insert to smarteros_fn
with check ((select smarteros.can('admin')) and created_by = (select smarteros.subject()));

create policy maintenance_windows_end on smarteros.maintenance_windows for update to smarteros_fn
using ((select smarteros.can('admin')));

create policy maintenance_windows_read on smarteros.maintenance_windows for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on smarteros.maintenance_windows from public, anon, authenticated, service_role, smarteros_fn;
grant select, insert on smarteros.maintenance_windows to smarteros_fn;
grant update (ends_at, ended_by) on smarteros.maintenance_windows to smarteros_fn;

-- policies/mcp_held_invocations
alter table public.mcp_held_invocations enable row level security;
alter table public.mcp_held_invocations force row level security;

create policy mcp_held_invocations_read_own_or_audit on public.mcp_held_invocations for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

revoke all on public.mcp_held_invocations from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.mcp_held_invocations to authenticated, service_role;

-- policies/mcp_intents
alter table public.mcp_intents enable row level security;
alter table public.mcp_intents force row level security;

create policy mcp_intents_read_own_or_audit on public.mcp_intents for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

create policy mcp_intents_record_own on public.mcp_intents for insert to smarteros_fn
with check (
  (select smarteros.can('read')) and user_id = (select smarteros.subject()) and recorded_by = 'self'
);

revoke all on public.mcp_intents from public, anon, authenticated, service_role, smarteros_fn;
grant insert on public.mcp_intents to smarteros_fn;
grant select on public.mcp_intents to authenticated, service_role;
grant insert (id, user_id, tool, tenant_id, args, request_id, created_at) on public.mcp_intents to service_role;

-- policies/mcp_invocations
alter table public.mcp_invocations enable row level security;
alter table public.mcp_invocations force row level security;

create policy mcp_invocations_find_own on public.mcp_invocations for select to smarteros_fn
using (user_id = (select smarteros.subject()));

create policy mcp_invocations_read_own_or_audit on public.mcp_invocations for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

-- Rows of hand_over_tenants: what the database did itself is the service's word.
create policy mcp_invocations_record_hand_over on public.mcp_invocations for insert to smarteros_fn
with check (
  (select smarteros.can('admin')) and user_id = (select smarteros.subject()) and tool = 'tenants.handOver'
  and recorded_by = 'service'
);

create policy mcp_invocations_record_own on public.mcp_invocations for insert to smarteros_fn
with check (
  (select smarteros.can('read')) and user_id = (select smarteros.subject()) and recorded_by = 'self'
);

revoke all on public.mcp_invocations from public, anon, authenticated, service_role, smarteros_fn;
grant insert on public.mcp_invocations to smarteros_fn;
grant select on public.mcp_invocations to authenticated, service_role;
grant select (id, user_id, created_at) on public.mcp_invocations to smarteros_fn;
grant insert (id, user_id, tool, args, result, duration_ms, success, created_at, transport, tenant_id, code,
  request_id, trace_id, redacted, calls) on public.mcp_invocations to service_role;

-- policies/mcp_open_intents
alter table public.mcp_open_intents enable row level security;
alter table public.mcp_open_intents force row level security;

create policy mcp_open_intents_read_own_or_audit on public.mcp_open_intents for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

revoke all on public.mcp_open_intents from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.mcp_open_intents to authenticated, service_role;

-- policies/n8n_webhooks
alter table public.n8n_webhooks enable row level security;
alter table public.n8n_webhooks force row level security;

create policy n8n_webhooks_read_by_tenant on public.n8n_webhooks for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy n8n_webhooks_insert_by_tenant on public.n8n_webhooks for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy n8n_webhooks_update_by_tenant on public.n8n_webhooks for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.n8n_webhooks from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.n8n_webhooks to authenticated, smarteros_fn;
grant select, insert on public.n8n_webhooks to service_role;
grant update (tenant_id, workflow, path, registered_by, updated_at, removed_at) on public.n8n_webhooks to
  service_role;
grant insert (tenant_id, workflow, path, registered_by) on public.n8n_webhooks to smarteros_fn;
grant update (path, registered_by, updated_at, removed_at) on public.n8n_webhooks to smarteros_fn;

-- policies/partition_move
alter table smarteros.partition_move enable row level security;
alter table smarteros.partition_move force row level security;

revoke all on smarteros.partition_move from public, anon, authenticated, service_role, smarteros_fn;

-- policies/provision_comparisons
alter table public.provision_comparisons enable row level security;
alter table public.provision_comparisons force row level security;

create policy provision_comparisons_read_by_tenant on public.provision_comparisons for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_comparisons from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_comparisons to authenticated, smarteros_fn;
grant select, insert on public.provision_comparisons to service_role;
grant update (compared_at) on public.provision_comparisons to service_role;

-- policies/provision_drift
alter table public.provision_drift enable row level security;
alter table public.provision_drift force row level security;

create policy provision_drift_read_by_tenant on public.provision_drift for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_drift from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_drift to authenticated, smarteros_fn;
grant select, insert on public.provision_drift to service_role;
grant update (kind, external_id, seen_name, found_at, resolved_at) on public.provision_drift to service_role;

-- policies/provision_holds
alter table public.provision_holds enable row level security;
alter table public.provision_holds force row level security;

create policy provision_holds_read_by_tenant on public.provision_holds for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

-- Rows of resolve_tenant: what was in review is held as well.
create policy provision_holds_written_by_resolve on public.provision_holds for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and tenant_id in (
    select t.id from public.tenants t
    where t.clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants())
  )
);

create policy provision_holds_update_by_tenant on public.provision_holds for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_holds from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_holds to authenticated, smarteros_fn;
grant select on public.provision_holds to service_role;
grant update (released_at) on public.provision_holds to service_role;
grant insert on public.provision_holds to smarteros_fn;
grant update (released_at) on public.provision_holds to smarteros_fn;

-- policies/provision_intents
alter table public.provision_intents enable row level security;
alter table public.provision_intents force row level security;

create policy provision_intents_read_by_tenant on public.provision_intents for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy provision_intents_update_by_tenant on public.provision_intents for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_intents from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_intents to authenticated, smarteros_fn;
grant select, insert on public.provision_intents to service_role;
grant update (task_id, opened_at, empty_searches, searched_at, doubtful, settled_at, settled_as, settled_by) on
  public.provision_intents to service_role;
grant update (settled_at, settled_as, settled_by) on public.provision_intents to smarteros_fn;

-- policies/provision_runs
alter table public.provision_runs enable row level security;
alter table public.provision_runs force row level security;

create policy provision_runs_read_by_tenant on public.provision_runs for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

-- What users request and cancel.
create policy provision_runs_insert_by_tenant on public.provision_runs for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy provision_runs_update_by_tenant on public.provision_runs for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_runs from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_runs to authenticated, smarteros_fn;
grant select, insert on public.provision_runs to service_role;
grant update (state, started_at, cancelled_at, finished_at) on public.provision_runs to service_role;
grant insert (tenant_id, requested_by, event_id, request_id) on public.provision_runs to smarteros_fn;
grant update (state, started_at, cancelled_at, finished_at) on public.provision_runs to smarteros_fn;

-- policies/provision_steps
alter table public.provision_steps enable row level security;
alter table public.provision_steps force row level security;

create policy provision_steps_read_by_tenant on public.provision_steps for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy provision_steps_insert_by_tenant on public.provision_steps for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy provision_steps_update_by_tenant on public.provision_steps for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_steps from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_steps to authenticated, smarteros_fn;
grant select, insert on public.provision_steps to service_role;
grant update (task_id, state, attempts, external_id, created, duplicates, error_kind, error_message, remedy, next_attempt_at,
  started_at, finished_at, updated_at) on public.provision_steps to service_role;
grant insert (run_id, tenant_id, vendor, action) on public.provision_steps to smarteros_fn;
-- Columns of smarteros.follow_task, which runs as the role that ends a task.
grant update (task_id, state, attempts, external_id, created, duplicates, error_kind, error_message, remedy, next_attempt_at,
  started_at, finished_at, updated_at) on public.provision_steps to smarteros_fn;

-- policies/provision_vendors
alter table public.provision_vendors enable row level security;
alter table public.provision_vendors force row level security;

-- Names of vendors and flags are the same for every caller.
create policy provision_vendors_read on public.provision_vendors for select to authenticated, smarteros_fn
using ((select smarteros.can('read')));

revoke all on public.provision_vendors from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.provision_vendors to authenticated, service_role, smarteros_fn;
grant update (resource_urls) on public.provision_vendors to service_role;

-- policies/provision_workers
alter table public.provision_workers enable row level security;
alter table public.provision_workers force row level security;

-- When a worker was last there is the same for every caller.
create policy provision_workers_read on public.provision_workers for select to smarteros_fn using (true);

revoke all on public.provision_workers from public, anon, authenticated, service_role, smarteros_fn;
grant select, insert on public.provision_workers to service_role;
grant select on public.provision_workers to smarteros_fn;
grant delete on public.provision_workers to service_role;
grant update (seen_at) on public.provision_workers to service_role;

-- policies/retention
alter table smarteros.retention enable row level security;
alter table smarteros.retention force row level security;

revoke all on smarteros.retention from public, anon, authenticated, service_role, smarteros_fn;

-- policies/rollup_progress
alter table smarteros.rollup_progress enable row level security;
alter table smarteros.rollup_progress force row level security;

revoke all on smarteros.rollup_progress from public, anon, authenticated, service_role, smarteros_fn;

-- policies/rollup_work
alter table smarteros.rollup_work enable row level security;
alter table smarteros.rollup_work force row level security;

revoke all on smarteros.rollup_work from public, anon, authenticated, service_role, smarteros_fn;

-- policies/rows_in_review
alter table smarteros.rows_in_review enable row level security;
alter table smarteros.rows_in_review force row level security;

revoke all on smarteros.rows_in_review from public, anon, authenticated, service_role, smarteros_fn;

-- policies/self_report_counts
alter table smarteros.self_report_counts enable row level security;
alter table smarteros.self_report_counts force row level security;

create policy self_report_counts_own on smarteros.self_report_counts for all to smarteros_fn
using (user_id = (select smarteros.subject())) with check (user_id = (select smarteros.subject()));

revoke all on smarteros.self_report_counts from public, anon, authenticated, service_role, smarteros_fn;
grant select, insert, update on smarteros.self_report_counts to smarteros_fn;

-- policies/service_checks
alter table public.service_checks enable row level security;
alter table public.service_checks force row level security;

create policy service_checks_read_by_tenant on public.service_checks for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy service_checks_insert_by_tenant on public.service_checks for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy service_checks_delete_by_tenant on public.service_checks for delete to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.service_checks from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.service_checks to authenticated, service_role, smarteros_fn;
grant insert (tenant_id, vendor, item, done_by), delete on public.service_checks to smarteros_fn;

-- policies/settings
alter table smarteros.settings enable row level security;
alter table smarteros.settings force row level security;

revoke all on smarteros.settings from public, anon, authenticated, service_role, smarteros_fn;

-- policies/task_lines
alter table public.task_lines enable row level security;
alter table public.task_lines force row level security;

-- Those of the own key and, for tenants of another owner before, of the key that their tasks have.
create policy task_lines_change_by_tenant on public.task_lines for all to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or fair_key = (select smarteros.subject())
    or (queue, fair_key) in (
      select t.queue, t.fair_key from public.tasks t
      where t.tenant_id in (select o.id from public.tenants o where o.clerk_user_id = (select smarteros.subject()))
    )
  )
);

revoke all on public.task_lines from public, anon, authenticated, service_role, smarteros_fn;
grant select, insert, delete on public.task_lines to service_role;
grant update (waiting, head_due_at) on public.task_lines to service_role;
grant select, delete on public.task_lines to smarteros_fn;
grant update (waiting, head_due_at) on public.task_lines to smarteros_fn;

-- policies/task_queues
alter table public.task_queues enable row level security;
alter table public.task_queues force row level security;

-- Whether a queue is paused or waits for its vendor is the same for every caller.
create policy task_queues_read on public.task_queues for select to authenticated, smarteros_fn
using ((select smarteros.can('read')));

-- The queue of a vendor is created by its first run.
create policy task_queues_insert_of_vendor on public.task_queues for insert to smarteros_fn
with check ((select smarteros.can('write')) and name in (select v.vendor from public.provision_vendors v));

-- To lock the queues of a run that is cancelled: no column that means something can be changed.
create policy task_queues_lock_of_vendor on public.task_queues for update to smarteros_fn
using ((select smarteros.can('write')) and name in (select v.vendor from public.provision_vendors v));

revoke all on public.task_queues from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.task_queues to authenticated, smarteros_fn;
grant select, insert on public.task_queues to service_role;
grant update (paused_at, max_running, max_per_key, max_per_tenant, max_per_worker, lease, slice, max_attempts, retry_pause,
  max_retry_pause, breaker_failures, breaker_pause, failures, open_until, claimed) on public.task_queues to service_role;
grant insert (name, max_running, max_per_tenant, lease, max_retry_pause) on public.task_queues to smarteros_fn;
grant update (created_at) on public.task_queues to smarteros_fn;

-- policies/tasks
alter table public.tasks enable row level security;
alter table public.tasks force row level security;

-- Those of a tenant by those who see the tenant, the others by the requester.
create policy tasks_read_by_tenant_or_requester on public.tasks for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
    or (tenant_id is null and requested_by = (select smarteros.subject()))
  )
);

create policy tasks_insert_by_tenant on public.tasks for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

create policy tasks_update_by_tenant on public.tasks for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

-- A comparison of all tenants of the requester.
create policy tasks_insert_of_requester on public.tasks for insert to smarteros_fn
with check (
  (select smarteros.can('write')) and queue = 'requests' and kind = 'reconcile' and tenant_id is null
  and requested_by = (select smarteros.subject())
);

create policy tasks_update_of_requester on public.tasks for update to smarteros_fn
using (
  (select smarteros.can('write')) and queue = 'requests' and kind = 'reconcile' and tenant_id is null
  and requested_by = (select smarteros.subject())
);

-- The health of vendors is the same for every caller.
create policy tasks_select_health on public.tasks for select to smarteros_fn
using ((select smarteros.can('read')) and queue = 'requests' and kind = 'health' and tenant_id is null and requested_by = 'system');

create policy tasks_insert_health on public.tasks for insert to smarteros_fn
with check ((select smarteros.can('read')) and queue = 'requests' and kind = 'health' and tenant_id is null and requested_by = 'system');

create policy tasks_update_health on public.tasks for update to smarteros_fn
using ((select smarteros.can('read')) and queue = 'requests' and kind = 'health' and tenant_id is null and requested_by = 'system');

revoke all on public.tasks from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tasks to authenticated, smarteros_fn;
grant select, insert, delete on public.tasks to service_role;
grant update (state, run_at, due_at, attempts, claim, claimed_by, claimed_at, lease_until, cancel_requested_at, progress, result,
  error, finished_at) on public.tasks to service_role;
grant insert (queue, kind, tenant_id, fair_key, priority, payload, deadline_at, max_attempts, dedupe_key, requested_by,
  traceparent) on public.tasks to smarteros_fn;
grant update (state, cancel_requested_at, result, error, finished_at) on public.tasks to smarteros_fn;

-- policies/tenant_events
alter table public.tenant_events enable row level security;
alter table public.tenant_events force row level security;

-- The policy of tenants holds inside the subquery as well.
create policy tenant_events_read_by_tenant on public.tenant_events for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

-- No owner to compare: a change made in the SQL editor has no token, and its event must be written all the same. Only the
-- function of the trigger writes as smarteros_fn, and no one can call a trigger function.
create policy tenant_events_written_by_trigger on public.tenant_events for insert to smarteros_fn
with check (attempts = 0 and processed_at is null and last_error is null);

revoke all on sequence public.tenant_events_id_seq from public, anon, authenticated, service_role, smarteros_fn;
revoke all on public.tenant_events from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tenant_events to authenticated, service_role;
grant insert (type, tenant_id, payload) on public.tenant_events to smarteros_fn;
grant update (attempts, processed_at, last_error, claimed_until) on public.tenant_events to service_role;

-- policies/tenant_service_ids
alter table public.tenant_service_ids enable row level security;
alter table public.tenant_service_ids force row level security;

create policy tenant_service_ids_read_by_tenant on public.tenant_service_ids for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.sees_all_tenants())
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.tenant_service_ids from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tenant_service_ids to authenticated, smarteros_fn;
grant select, insert on public.tenant_service_ids to service_role;
grant update (external_id) on public.tenant_service_ids to service_role;

-- policies/tenants
alter table public.tenants enable row level security;
alter table public.tenants force row level security;

create policy tenants_change_own_or_all on public.tenants for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

-- Another's are inserted by resolve_tenant alone.
create policy tenants_create_own_or_all on public.tenants for insert to smarteros_fn
with check (
  (select smarteros.can('write'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

create policy tenants_read_own_or_all on public.tenants for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

revoke all on public.tenants from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tenants to authenticated, service_role, smarteros_fn;
-- All columns, because a tenant that was taken over may have columns of an earlier app.
grant insert on public.tenants to smarteros_fn;
grant update (chatwoot_inbox_id, botpress_workspace_id, odoo_company_id, n8n_project_id, metabase_dashboard_id) on
  public.tenants to service_role;
grant update (clerk_user_id, services_enabled, active, deleted_at) on public.tenants to smarteros_fn;

-- policies/tenants_in_review
alter table public.tenants_in_review enable row level security;
alter table public.tenants_in_review force row level security;

create policy tenants_in_review_read_own_or_all on public.tenants_in_review for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

create policy tenants_in_review_resolve_own_or_all on public.tenants_in_review for delete to smarteros_fn
using (
  (select smarteros.can('write'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

revoke all on public.tenants_in_review from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tenants_in_review to authenticated, service_role, smarteros_fn;
grant delete on public.tenants_in_review to smarteros_fn;

revoke create on schema public, smarteros from smarteros_fn;
set local check_function_bodies = on;

insert into smarteros.migrations (version, name, sha256) values
  ('0001', '0001_foundation', 'f3b687d02c542a536b2bb323f1186f5a3e3e6cc4fdf9e8db4ca2178a6a8fdc1c'),
  ('0002', '0002_text_rules', 'abd34453ab8fb97cf367c799b1b458d9dcd4794dbbe7ee893815373e77241d64'),
  ('0003', '0003_tenants', 'deb1c4d282b1067be582736200db8334f10ca91db2cde120207f4e36e87997ea'),
  ('0004', '0004_tenant_events', '17eaddf3e042920aeed8f49344d294298fbf1b1b73d9798688bb9f736eb46fcc'),
  ('0005', '0005_invocations', 'ab6102d2e3bffd1f1e3c03e5e8ad6f86ffedb5b7e484943a7dc724b56c699508'),
  ('0006', '0006_retention', 'f46551b7f984a8c7112f826269a2870b94f66b1ff8f9a6612fb0365f8acffd6d'),
  ('0007', '0007_call_rollups', '58b1e0b61916b27955bf851b94c7e35a0524ec440b18995db9b5ee47e83b1806'),
  ('0008', '0008_health', '7ad2f9ddbc57579406f7f79fa2cb46513262c921de0ffa2ea5304779e11fab33'),
  ('0009', '0009_provisioning', '6255831f8735db047883010573ff8a7ba91e1d4c78b2082bc622646d513a84b4'),
  ('0010', '0010_alerts', '637646243418d1b0d59f4bdfef58d303a1e5be99d732a19af325eec2f454e543'),
  ('0011', '0011_adoption', 'd302422df4d96e8f58d638507ef23866e3dda7a86caaff7ed40120a4ab35572b'),
  ('0012', '0012_alert_channels', 'e7ecbc7c763ec52b005527d3e512bda8f1c0657468a5dea8690a0db13b85a1ef'),
  ('0013', '0013_vendors', '0fe42b7aa058e2139c8ee5fa6bef08dcf780248092186c0980ca8ec0febc129a'),
  ('0014', '0014_tasks', 'b979d8956ab97d5b55ff925428a05ed2bff6f1e207889badb6884aa114d4c883'),
  ('0015', '0015_provision_tasks', '042c8631d7417886507ee50ce94b70a427ff334531dd807db1a8514958367517'),
  ('0016', '0016_requests', 'd9c18c36cc496ebd76a07007601e6251be312991a7149b62d7dc9a17309a2d31'),
  ('0017', '0017_desired_state', 'b73b6d90821c01de131aa579f7302c045d3364023d155b724a645696ad824975'),
  ('0018', '0018_service_pages', '8626127abad2ca09f2a2d119cba9b57c15edb4fcded230529ed249d4e0e701e0');

insert into smarteros.definitions (name, sha256) values
  ('views/tenant_services', '48120729d0a5cfd771c3fce1480922546bb7dbb6a63a50c149dd8171884ab966'),
  ('functions/abandon_task', '4bae156636a37e0380f45aefa0fd814c3cd922431fe7bd53e4a2c5c46befb52b'),
  ('functions/add_alert_target', 'bae6639aefdba5a5561351ccb3b0f1e962ccdf17267e443bdb7615e4087739f8'),
  ('functions/adopt_service', 'd8a37154874f3040bed247b8d36e4ba237fa6277e1ffb82c891ebec1a2ac9c2c'),
  ('functions/begin_creation', 'abb9d7bacc72ed262ad5c8d38dcd29bc4b412c9d9062e5ae48ca09f0738c24e5'),
  ('functions/begin_step', '186a89f3d4a040730524857568c75d2b052f9d134f7d364db7b549f72c3bc049'),
  ('functions/bin_ms', 'd71547e1909fdf377380ea52d4d75e73e5af4a11bbbf3bd9242c5c282bf39dcd'),
  ('functions/bin_quantile', 'cc0346d572a97e206377bb81bda907740e0d5cac94026397fe060582ad6731c0'),
  ('functions/call_figures', 'aa658c7c6cebea6115546e5b50900dc0864f7456cead96fe17c63dbe8f46edce'),
  ('functions/call_partitions', '80a0b5cc56a415f200065f9f413b7cb8b0ba31fff0b7271c290ad2870a49ae45'),
  ('functions/calls_by', '0da4c555512a487203135ad1c36a2f5f27596a0cccf1324a8f7f052349a3da49'),
  ('functions/can', '61b3bd2761716999886b76ac8647935c0b17284193786ce6e301bc9f0150f611'),
  ('functions/cancel_matching_runs', '19c19d79d6732e121f8f4933de159faac7a97a5286f69c569f7857f56247edb6'),
  ('functions/cancel_provision_run', '2e305db2bba32c3039272662cfdb0adcb1237a6547686409ff38995a1c5bc722'),
  ('functions/cancel_provision_runs', 'f0baf7d8d29fd48f32da3391a7629401715453ffcca707905116a23b38f7c5b6'),
  ('functions/cancel_runs', '5c9c4d1c66e8f6478342a7f8f35e9767ee4473f985ac10ed331e8286938c2a62'),
  ('functions/cancel_task', '3a09cbb5c98c874611b25e848451501acba014afd542fb6ff99dd70b6f6887aa'),
  ('functions/check_service', '678aa7afd1896119a90099928e5016677aebcedb92bdfa4048ba3536cfd930af'),
  ('functions/claim_alert_deliveries', '35faf15bd5b40c3fb74b45307a18e320a56cd7652a272a6bb21e9ad46ffeb3a2'),
  ('functions/claim_events', '5c035a5ae1d6bf169a823669174cd00a81355b4fd387035eea704c0407761708'),
  ('functions/claim_tasks', 'b1c262f17fe578ba8bbd78c57c7ca9fbe1f51a5a0ebd8c27a7e5c99f1bb909e3'),
  ('functions/claims', 'dd5c51b651f04799fa375b56be556f66c725cf21ed3120774c377a49c09637a1'),
  ('functions/close_intents', '9352c1eede60c0256884f09dcc5eb909478103b1e1b8dc10b8c017fcba187698'),
  ('functions/compact_partitions', '33566e75d9fddaa59ae8bb32f8e5e3340fa3f61338a0c4b84b6fc732351806a5'),
  ('functions/complete_tasks', '8486d2442415ed92aa35ca03e30870722c071c0fdaaedc926d54718ddb2240ad'),
  ('functions/configure', 'dbed0b8d421407276e6818c3958934668356e27982b475e262c7856c6411d27a'),
  ('functions/configure_queue', '7c775e8507d7d09710583ebdde81c8285c5d201abcaa3504909a416f0766ddef'),
  ('functions/copy_calls', '6a865398f7190a5d32088294f73af7c1a6b5a72e299725482cafde5fda8fa6ec'),
  ('functions/count_day', '176dc7c531fc2c0c98e3eb8ffd2977cdafbf9b5f056bbdab563c770ecae876ae'),
  ('functions/count_hour', '4f9f95e7e10539ced1f7d69794f3c45e0ba5816f5cf2e0a690d6a5cb3ac26f84'),
  ('functions/count_week', '3780bcef2e4cdbc35fa6eca5a61ee143cb330ee2bba45155e189e05b6b2da404'),
  ('functions/counted_health', '32155832352ebd7bef32dceeb1f65c4722636274c48917e9167c0bd65c76f41f'),
  ('functions/counted_since', 'eddfcb1d10eec9d060d66fa29ba9d29c16bbedfeffc194fc1a7b17b09c8f96c2'),
  ('functions/counted_until', 'e996421df271890ef1311ce82c7aa6a3b0b5cb48fee83da30deb0051d6371d7f'),
  ('functions/create_call_table', '40d4342855d62e17b05b626ee922a88ff7af9b97622549a695e8eea090cd0e83'),
  ('functions/create_maintenance_window', '245387c1262e97d3b8f545687dc66ab19e6877285611655c92264e1de74de860'),
  ('functions/create_tenant', 'ab561d2564bbc7f5da4ac0fdf01e1c1d00ba1bd3a467c9627214e96488d509f9'),
  ('functions/cut_time', '169c9787d1947ccb88c8bc26ee6e26a6eb419f5037c3002642f310af4ade4442'),
  ('functions/delete_alert_rule', 'ecfd215ea4a7663f2572b7ff926cdb30e7f0ee9eeec7c2073db60a40c79cbdf5'),
  ('functions/draw_self_reports', '1acc31f2e4b52c3cb85a07e94ab86a547ed62098784bd002a44391d45ac83e61'),
  ('functions/drop_expired', '4576c60f68b592d407a29bd4284fa55ecb1a5d13fb459b333ee11ab3344014f2'),
  ('functions/due_queues', 'f2411e746f4a392d285db764e02c2c0a13e109ea35386ee0154e7fec209c41c7'),
  ('functions/end_alert_delivery', '23900f2086f2d6ca22ed953f90bad8b67e012886e7eab245304e3040fac8ba37'),
  ('functions/end_leases', 'abe9152d48df921699cd220e4f7f12d01002e577dccacb3df1b9e1ee544c10e4'),
  ('functions/end_maintenance_window', '5eaddc355df2c115cba15cef3e64ffd857b957cc0d60df631fd77ea15df65efc'),
  ('functions/enqueue_tasks', '626deba6d2faed40f3c03648362d0d070ebfe3516f3996fbca17398dd63f5994'),
  ('functions/ensure_partitions', 'bf8f22e024e3aeead3e71933207d872c165e56ed0563b32816998a5b33ebd5ff'),
  ('functions/error_kind_of', '696047167b6b5e73660d499e3be5e48141916e2c9b5d522a07a9daf90b534ffa'),
  ('functions/fail_task', '15f43da99479a7340485905deca7f34cbf8b8a896cdf5c2e4a88bb09deb1aad1'),
  ('functions/folded', '36996736929d122d509fa351338745b6cb8fefc55ef490a2038f0aab5b460ebc'),
  ('functions/follow_health', '774308e2533ed9937cfe33567b61325118848e2f4290f9476a18d66cdbc013f0'),
  ('functions/follow_task', '142f07a6656476928fc981f93185128359833922de8faa4eaace4cb21f7b5feb'),
  ('functions/forget_delivery', '7877574c9ea2126c6a3f59f9cc9454aee0482f18312aad811ca46e91f83f73b0'),
  ('functions/forget_old_rollups', 'ee447bf0dac50930c352da8603937044955e3c5f208dd1ff5b132479e01d5761'),
  ('functions/forget_service', 'e07ce2ed8150de0075f7536a510979f035816a99ae857fa051103a50aba855f7'),
  ('functions/grant_service_writes', '620b20eb8ddf8c83aee3b5a60cdf3f963fd823ee91447e7c83fe648fced82b63'),
  ('functions/hand_over_tenants', 'bbaaf90fafb9b68d2a66094eb072e423b1aa011cdf6764db037027a72ea996c9'),
  ('functions/head_of_line', 'e99a23949526523abda16d4ca9440d9e0d77ec1d1e810de74e3e8e889b648da8'),
  ('functions/health_timeline', 'b2c929c6dad3c6c5c606a8dd60899234a7d236b201c29b36cc6fde84067238f5'),
  ('functions/held_task', 'e575f06cee6fa5af6ac6c137c1e6e0930fe1454073eb375322f1df3c17d368bd'),
  ('functions/hold_rows', 'f6c91f58c145753b8314ab44ad6b12c077504e94151dea66678a7b933803e022'),
  ('functions/in_maintenance', 'a38e33c371ea5b1e6d14d00a5dbb09e2eaf8dc57abc9d247e007ea942bf9d3d2'),
  ('functions/insert_request', 'd70bb3f196b5159bfed98d4e38989527625f4904987684e8cfde563758a37434'),
  ('functions/insert_step_task', '29b9f9475a243d76577dde3dab6db7d74d1603b48f43372b631ad1f55cd2316e'),
  ('functions/insert_tasks', 'b7e33863e69c71189ed2c3487dbd0650d795a31505cc884c2256abaa662eedf8'),
  ('functions/is_code', '3de201c236d91a58cf6ee3c8aa22fd91b9b8d7a6cb27bad207d1b7ce8315c927'),
  ('functions/is_held', '72730fa472c8135c78db31af304ad5c90b81b102d8188bef86e820ce05a645b4'),
  ('functions/is_run_cancelled', '53fcd3e8fc4c32be845226064b6724ac3309951ff1f5b51612b57f688a6bb178'),
  ('functions/latency_bin', '3ef3000b754d8858562226ed445ba31a6782da69acc914c0ef683d28c4decf35'),
  ('functions/leave_line', '932565861dea92372b26eee6af78eb733551882410a35db4f7dffa6d8e0acc50'),
  ('functions/line_up', 'd53d2f56635e44e398f12c7005ee279d5506c4ded8085bb112192adf29688320'),
  ('functions/list_tenants', '74d806ffd7ff84535406952835c07b470ec76e60989be4f9f7361b4215fab206'),
  ('functions/mark_health', '72f867969f947d974e7e3e1172909e46c16f86d4f6ffb1ee928d5e1f9c95818d'),
  ('functions/mark_maintenance', '482d06d5aceca9c19adff3f22db2f5a5e805d15228890c05354aeceb14340d80'),
  ('functions/mark_rollup', 'c6ccfe6637d4e5204dca538bcbac56036dbe25b3f89cdef8810e681423692305'),
  ('functions/merge_services', '5baf59b00744cfca5003c010df935ab04e1a819cd41c2d3d88cc77038018a8cf'),
  ('functions/move_default_rows', '8b35f312b12fea494400b6946afd90ec5dbc549cce34c399b3e64cbd50a9616a'),
  ('functions/mute_alert_rule', 'ceade4a738db167190a0f2a58b66f38064ed5b4a642c6a1fb72d7ff5cf12630b'),
  ('functions/needed_from', 'abdbefb857f7f63add639300f198d41beab1e53592c5cf2d337d5823745210b4'),
  ('functions/next_counted', '9627ea2a830c95b7e1184b33e366a7f74a8b544863324a4117630cd8294542dd'),
  ('functions/note_provision_drift', '9aff0b406af88317206ce9c50bb67f5826eee32c3b4c0193f8aeda5ad608f3df'),
  ('functions/observe_calls', '2af43559da27d0e3c9664a330f91f2b57fc95a2248d99c911419bb4fb67f2de2'),
  ('functions/observe_probes', '3dd66d7fd97e0f835a38f6de2209bf849bb7f485f1f6f94139383bf82c03b757'),
  ('functions/observe_provisioning', 'f504980a6759a8ba72b1bcef0979f561787a09fd64856795b802ed9f94c58a26'),
  ('functions/open_creation', '6b50f27f2f9465d4819705b14c0616d2b0b8156cb1fbde25233a33646c3aef89'),
  ('functions/open_intents', 'c1bf235e4a3e71db46db795ed952f1c9d4d7554da24f28bd8a1376d84a22a3f2'),
  ('functions/open_provision_run', 'a0ac2888a4264f560e8438ba4eeacfd543ba8a4a4477e3dfa1beefec6b442d86'),
  ('functions/open_run', 'de3b94ce36c135efd5282c9341d55b34b1dc585019156456315a47561ef395e0'),
  ('functions/pause_queue', '8acd6089b13aca268b28ee423d1760698e8237caf170b060df7fb01cea9ac870'),
  ('functions/ping', '222ecc5049e7d1b979cc86126a339c16089b7ae3a89c1cf27c01ef7a0451efd0'),
  ('functions/postpone_task', 'f14fbd5b46edfa0a1297f98eb59ba20a0142768f7a114cacd310e98433bb3131'),
  ('functions/prepare_claim', '56c057d900e77f32a17acdda7107866a48d6b9129d95d42197558aac412c6361'),
  ('functions/prune_tasks', 'b5f390260e0be0799f42dd233e79d42d242f5a2eb284daf0ccbec560f96d34f7'),
  ('functions/rank_calls', '1d0e5eb3b7c96f303afe0cfba40aacbcf102ae8276d3b29a08e1d31022e7f673'),
  ('functions/read_alerts', 'ce2b4be818f18ced75f60532a591cfb0afe1c24e80952cd19520377afe1d87f1'),
  ('functions/record_intent', '07a38c44c761e34570137f091607ff8382dd1ec6a072fb3a21e80888c15fd56b'),
  ('functions/record_invocations', '2888fd0bce79f7d659ef4fe9d72c35b1930a03063fdd2c54e7114657562c2d31'),
  ('functions/record_my_intent', '20025f3bb2d427105fa9886eb89c131dada6ede9773563c382a9b66c8f69a27c'),
  ('functions/record_my_invocations', '3fc514f02ca9c2cae77e6aa0f5796cd7161a61aa9c68954ec88cbb64de190831'),
  ('functions/record_service_id', '53c272b6b96f684d1cf9547512363de81884d3f5ed2ca0ba7ca03780942a32c0'),
  ('functions/record_service_write', '3444832ef2b1ddff4e4f1cc02343bb8fcce45645968f58eeff3b939a70e9f9e8'),
  ('functions/redrive_tasks', '7bcc0902606052a3400cde367424ed07c2ac971f4bf824c259bc9be0ffbd61e3'),
  ('functions/register_tools', '96feae5708c27ea9c72e1e0945777bd12174eaa55c537a697c9353f10d1a4455'),
  ('functions/register_workflow', 'a9772d7eee4afa05b4ca956fc7d948127b7ca4703a746d37e02ff9244312a5dc'),
  ('functions/release_provision_holds', '3a39f0ef15ac1b5e365e167d63482a28f618cebd291b1dff2ac6ceb8a4174f1f'),
  ('functions/remove_alert_target', 'b96bd61d4ce8e728ce411a8be9efa3afedb857fcdd29ac64a7da2f167ba50d74'),
  ('functions/renew_tasks', '2f47609b5d1a4840b6e279eb28e9c289bfd4bf451c22706d15a09cb3a1bc3e49'),
  ('functions/report_worker', '7cd8312630b81ae54cec96f2f47270f75a5e6b60f5db26e83d27e5a7a5e2bca2'),
  ('functions/request_adoption', '0b63ff8402338767ffcc48dace6a991d688f78cc6c4b098c9a074e5af8781e46'),
  ('functions/request_cancel', '32e9710028ae7d0a99d8aeeaf634464c646e04475c7d030c574ff0522cbf549a'),
  ('functions/request_cancels', '8afed1eff4fb8d6e0be56f84212801eeaf49330328dd9982cab568329a82c200'),
  ('functions/request_plan', 'b12b9896a9a064345ca1aa598937fa9316ee66fdae5ae50cb3cc974d198f1af2'),
  ('functions/request_reconciliation', '9c98b6fca4cedc296e03f07031525deb376180f3ad80db2f1a254e278c466348'),
  ('functions/request_removal', 'a5773ff7c270da160b69d114f07a92a3ca5f2cb0880a3b1fe131e6c12ae45056'),
  ('functions/request_retries', 'a68e88ab9e40e55ea3e1253642db9d0db554f9d5943be39aaaa0fbc0d523d21a'),
  ('functions/request_retry', 'f4dae49134395f19db31510a1fbf473d52a6395ecd5431ef603b24a50c2e8a84'),
  ('functions/request_run', 'ae8d3960c462977641c2691aaf0ffd96720292f347a4f59f80352c3ca4aa2bee'),
  ('functions/request_services', '4e0711616704299be70e2e1292b3c9fa730b42e93543346c11a7ebdcea88f597'),
  ('functions/request_trigger', 'c29781f2cf847dab6c7e74c8ada03b921be788698c9d95c24063f0f5cc9d82df'),
  ('functions/request_vendor_health', '5d44f85b5c8f9aa0149226a95ca0d2eae0cce9f0ea77f28a3b22c42e0ec877c2'),
  ('functions/request_vendors', 'fac0b38d3d085e069a726feae0389c928b203322ef4866be0373d98072dd7ab6'),
  ('functions/require', 'c88455a3e4ab9d821e5d513208314442d2f08da16e558b20203a2b68726c3ada'),
  ('functions/require_rows', '5d674b841768c998de709d27146105de4230958f3b457fc062a320c001c1807c'),
  ('functions/require_tenant_quota', '102817b70cd9eb76bf0f5f8f128c15122c393501592d875710b8da2702bf1001'),
  ('functions/resolve_tenant', 'a84a171ab08116580baf0e1dcae28b78e29335cc7fb0626bc4f465b38bf7b0aa'),
  ('functions/retry_events', '8cd57f2453903699057219eb6eda99fa7b2e3dd29718cdd00ba9180d5c60bd2b'),
  ('functions/retry_matching_runs', 'b21f82725c31050fc91bbc2769298bbcfdaee17726a4fd4dc849ec678421b5bf'),
  ('functions/retry_provision_run', '06abe7b0ba3d48c604ad8f0d818bea211e10f9c1983fcf689534e0e9473faa59'),
  ('functions/retry_provision_runs', 'd96b4bf466ca6938aa40c0a3b08257a391cc06cffef42e3f3c8eb381626a11e7'),
  ('functions/retry_run', '6e822fe8b124037d61343e495517d253d0ef8fa49781d35028b2f029fa5bd2be'),
  ('functions/role_of_claims', '301dc70907ba2831e19883f5ad9420e3941cbeab077e7d9071d078d12c30be74'),
  ('functions/roll_up_calls', 'bc08f2b0666116889f061b184ae78a5cc1e1cb4a515cfca2a9afd2e9830f86cb'),
  ('functions/roll_up_health', 'f1f6bd1264adae57e7121350414699da552adfe8353a153e7e17e150a17e038f'),
  ('functions/rolled_up_until', '737fb90f7ffb466a7a3c9905ba9c1ab9530aa044a0a3aa0df76b600a76d6e0c3'),
  ('functions/rollups_by', '11b20e6d7c005600817bdd36d7426ba744459661313a01d80b31ca5f94f14f42'),
  ('functions/runs_matching', '38eabc2fa196b494afb6eaa99ee6fbee6f43ae094ca76dc4b2fbc9477761b3e8'),
  ('functions/save_alert_rule', 'cebd250cefdd97312b2fc86071bb137510b65c21e37ab87b44b4797b0f28677c'),
  ('functions/seal_audit', '6fc8dbe2f06f862250f998897c19d9baebd7cf6f6201b8d67b8d1bbb951ed876'),
  ('functions/seal_hash', '56eb6a520e503c6d1a67a98c718b487fc78dbddd7c2e005a2544100901c34d6a'),
  ('functions/seal_parts', '9d85950edcbe801e99fbbef4696bd8b787ad3cb019afd65a5d47ad3f371cb0e2'),
  ('functions/search_creation', '433b77c4067e0c1f5923ca0e13390ffef3290083985e07a49b8f81f4e6c73a57'),
  ('functions/search_invocations', '20280dfd9e7380860771c098d8595174d50664ac2775310a89b78e68abb75daa'),
  ('functions/sees_all_tenants', '0b2d60e0ad8d8f04b59b1ba424c7d1dc386f0e69c6d2f9dbff4dea8ed531ffbb'),
  ('functions/self_report_problem', '56677b02dc8e231ba6582a3884d726cc34f8e3c730696dc4dcebe5215dfb3659'),
  ('functions/services_to_compare', '3f73a000d4aa124d3775886c87026f7db90ccd6849f263ad0926ad293ad62286'),
  ('functions/set_tenant_active', 'b57806d0dcf1b9c8df1dad52c7a08997b6f4965c7a0e688c48d84a197a678222'),
  ('functions/setting', 'a59bdde5ad8dfe452c41949581673adfab714a25d1e6f830fc980ab9575b071b'),
  ('functions/settle_creation', '6171b4c06bc1be71949b210ffad6cc3b16ea007ce3f64d460c29150235674329'),
  ('functions/settle_event', 'e6c86b5e4af0bba7a0b867507ba75aee171f240a6fef0a9705ef24f9132978e0'),
  ('functions/settle_provision_run', '8de2a4dabd3bd986cbb2fdfc88150595b382380cb50caf5307d3184d1c7cd449'),
  ('functions/spans', 'f79f146ac8e957b8d220035c87509593a8e95da51a1f94fa1e1844d50f2c2bad'),
  ('functions/store_alert_pass', '9386bc8a42076c7e9411338b5b74cf4f927b79efd4821cc388e7aa9a995d8f02'),
  ('functions/store_rollups', '947e04e14603594c9dc4c98949ca9c32d6a6e8124296a120eefa6a714f22bca1'),
  ('functions/subject', '1ad92e2cee8822594465c5e21db14f0b69eb0f30e96beeabf7f3925188accbc8'),
  ('functions/summarize_calls', '11a58354e01b44f3c5a3fc2ed2a39b6f885d5f346406c348d9419e98fe9304f0'),
  ('functions/take_task', 'b0a7a4d1c9ca67a6fdf8a5cb05577bd05e67c24961161b1be20c480c61f5f186'),
  ('functions/task_slack', 'a1001ef5c97166d879c765efbd3b3d9393c9044ea98bc411ca61c608adf9ce8c'),
  ('functions/tenant_matches', '9ad6d32282f42b1599a35be4f52184706cd09b48c9b399ed9fa494173335c3fc'),
  ('functions/test_alert_target', '2b79f53f1fbc19571624a3e77067b395751288da3af87e5e0dc861a1bba06f3a'),
  ('functions/time_of_id', '73201cc15483f03878e5443d3ccd3928385bdb0339f9468701890e220f5ef671'),
  ('functions/touch_updated_at', 'fdf7119a8187365a51cecb8fd5473968ce29ce37b093465a065080656af79fb3'),
  ('functions/vendor_health', '9aae6e270c463ac5bbd84d6cb0bcdd0b0495ffaf306180c1d6efc810d3ae5118'),
  ('functions/verify_seals', 'd8bf908facb8a70780a84e90084ee8bef34aa23196b6cba96749e77fcdbd7161'),
  ('functions/wake_workers', 'cbf33fa14daec01506f739024073b5d1d7dacd368b18a3d27529eb850b5f1a2a'),
  ('functions/worker_silence', '06b2c5902e94a63f5a60065d5aefb52ef45d882343ff3b59f804f7b56cd2f471'),
  ('functions/write_tenant_events', '442233321548dd33d8f3d5aaae632b0badb41a8ec0116cc31fc2f9abab14c2a6'),
  ('policies/adopted_rows', 'b8516741d92b16409f0381d23e5eb0136f053d7d74e43b19493ecd229e63705f'),
  ('policies/adoption', '4fa19b29a246a242832943f23c252494c7b38bc713f5602c3ae3bd5080321d93'),
  ('policies/alert_deliveries', '9885ff001e710ff6cce0ba2957387f4b2c71b93160a671331bab8c7ded063235'),
  ('policies/alert_incidents', 'd64859e44f2e79e542987cd03578d742b63b9620039b69286801aefff3aed55a'),
  ('policies/alert_mutes', 'd51c18e3753cc8afc58e44a52e4421733b3fb1551c3519ec77d9f2f2f42dbca1'),
  ('policies/alert_rules', 'a71ecd149568f9610871087232f8320ffdc5e03347ff37e603f79db1b287b51c'),
  ('policies/alert_states', 'a877ecc2fc0aa7eaa8bc02ecf1a3973da6911d3b36f9dacdd2c66d6ac1ea1b58'),
  ('policies/alert_target_secrets', 'ffa6977cd69c5f806d50e70ea6735c28669355dc9f5cf5a716248e1d7e9a628d'),
  ('policies/alert_targets', '7ba51745807b17ffb3f9aa14e8a89b17ff814c88fc1ef2242db5998a6649a6b9'),
  ('policies/audit_seals', '1106b4d825ccab96bbe3c91cf6492ebdb526a3c4098ad458bfde820ead070541'),
  ('policies/call_rollups', '4940ab065bfeef95db946d7b95d83cb0d78c7767b8e75cf95abbd5531e4f098a'),
  ('policies/external_health', '89a9bf3c13ce08606c96763854ed1c4b541436ab9fccf1d85760fa86b31d1e50'),
  ('policies/health_days', '5da17109d304caa97e476d81140ffd2466760eb4e0a38ed800083ab4633d58a9'),
  ('policies/health_incidents', '9481232e5dde80cb483f9bca08b2a19b75cdbcc54c8d46cad3a55f19d1d0640d'),
  ('policies/health_states', '22c330f017f9762f4e0e8ffadc1c8a843541563dca9f84236cc98d0dae37369b'),
  ('policies/health_uncounted', '46eb39d05dd48318c8623d42f62a89c86c148a97f61cf0ad7b20a6bac1e08df0'),
  ('policies/known_tools', 'befb014f75b4cbbff214c452a8803fa492083503b665a75ddb24307bbb6f70e3'),
  ('policies/legal_holds', '9a5c61df0511cd0a8544a58d7f34af2c9546459160e7501f1f8a5e0616d6a984'),
  ('policies/maintenance_windows', 'a6806c64484eb5d0b4065fc169a6b49659ecb45c5fe6d007b391014a124269c2'),
  ('policies/mcp_held_invocations', '2cbf66cf0c03df76d3a364192322a568212c55d51acc75204eb51a9164e2ac2f'),
  ('policies/mcp_intents', '7d0d5ad4b7d4cd70ae13eb03abb8c5e6698575514c1da39047eb3b30d9d4f1fe'),
  ('policies/mcp_invocations', 'bbc58249f50d1bb3cf4552c6065d17254a29518b6e5c62b765a6ad33c048005a'),
  ('policies/mcp_open_intents', '526b248e6e9a0012838dd235748d9e8238bdfbc8f7daaa18ae16bf40f0317b05'),
  ('policies/n8n_webhooks', 'e27526be852ab773c88d1e990b7a93f729c4e84a28e5f7a8b2c8803293e4afc7'),
  ('policies/partition_move', '3ca0e197fd298833f61f0a73a9e25ba0805859692fc291ea395a386ffa9cf482'),
  ('policies/provision_comparisons', '080ba7a881e95a39f508a3f9921e590a8740396d179aefba14932d7bdd2e66ca'),
  ('policies/provision_drift', 'fd33aa2174e1957e58fcc2af3c943dba54c815c9696910254b603bfac11bd731'),
  ('policies/provision_holds', '147958563a52ec534a8ddd806d8b6bc61ddf4615cdb445da03bbcda38268e65e'),
  ('policies/provision_intents', '7287cdd5a57aaf7f1d6927600883b8183c09f4eae495952391931238ccf4f63a'),
  ('policies/provision_runs', '946b1bc774226a1273a232f91b155a92f34ecbe19d86c82b6233dd60f26a7f6d'),
  ('policies/provision_steps', '99a034f82be6a06d7b59d7ba66dc70e6e490a225408d0477c8289038f63655c2'),
  ('policies/provision_vendors', 'f05919619e1ddf7cfc35bfee23427ddc29aaec7664848d833fc76ac38cc17aa6'),
  ('policies/provision_workers', '88755b9a579b9e5cc57c56f5c293e232333bea7b61c1a1c28071646657ad0541'),
  ('policies/retention', 'f91c86a03c4073a6d62ff35213bdd1b49c96a6e704c47e3212fe1d67e7496ddd'),
  ('policies/rollup_progress', 'eea61f2f761d7e9aec9bea4305deb1f68f86618f90efc9743f4f284ddefccc49'),
  ('policies/rollup_work', 'f20eb2d0edbef5442f7f5d65ff4bc1258e05baef5972998a09cc8e77b6578b1b'),
  ('policies/rows_in_review', 'eaca07af09c02239f561baf12192ce919f01a9005683f7d5a0d5cfbd1c02f7b5'),
  ('policies/self_report_counts', '24a14096050d3186f8484a9a2693f6694c3de316fc73531b1378a1a982b6129e'),
  ('policies/service_checks', '8a4bf87b9e3009b61334c8b983c2accdbf59176ac5e94cb672d89193038b7d72'),
  ('policies/settings', '20ad9675c14b617466f88b9ceab9d3fb31e6171e51a6fbeafce9a6c4086dd4f4'),
  ('policies/task_lines', '61cec6ec92539403026d79ff4c1343c20b63637151f3f84c69e141803e27455a'),
  ('policies/task_queues', 'be92819b1aa515f5815e2a193812422a2338f7ae60fa8ce0246309b75fd6edc6'),
  ('policies/tasks', 'c11a5b41ca3d405d552871ed4f4cc101f502077d0f2b6b08293949d25aad9126'),
  ('policies/tenant_events', '6099278452730451d844bb73ac9a22e7117f0e19ebbd33435da8277167c81513'),
  ('policies/tenant_service_ids', '06f473f6a1e477b0cb0db0782f3431bc33b34a8adf74805cfc5266e56a840892'),
  ('policies/tenants', 'bc0e0992f7914345704a4dc3c6a62f94c95977ad0f0008d7cad4d37fb94b7c54'),
  ('policies/tenants_in_review', '0eee184ce9bf36486333c11685fd710a7bc4647a4129e9fb1483e20e852e1a2d');

select public.ensure_partitions();
notify pgrst, 'reload schema';
commit;
