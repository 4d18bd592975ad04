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
  door text,
  tenant_id uuid,
  code text,
  request_id text,
  trace_id text,
  redacted boolean not null default false,
  calls integer not null default 1,

  primary key (id, created_at),
  constraint mcp_invocations_user_id_not_empty check (btrim(user_id) <> '' and char_length(user_id) <= 255),
  constraint mcp_invocations_tool_length check (char_length(tool) between 1 and 200),
  constraint mcp_invocations_args_size check (octet_length(args) <= 262144),
  constraint mcp_invocations_result_size check (octet_length(result) <= 262144),
  constraint mcp_invocations_duration_ms_not_negative check (duration_ms >= 0),
  constraint mcp_invocations_recorded_by_known check (recorded_by in ('service', 'self')),
  constraint mcp_invocations_door_shape check (door ~ '^[a-z][a-z0-9_-]{0,31}$'),
  constraint mcp_invocations_code_shape check (code ~ '^[a-z][a-z0-9_]{0,63}$'),
  constraint mcp_invocations_request_id_length check (char_length(request_id) between 1 and 200),
  constraint mcp_invocations_trace_id_shape check (trace_id ~ '^[0-9a-f]{32}$'),
  constraint mcp_invocations_calls_positive check (calls >= 1)
) partition by range (created_at);

create index mcp_invocations_user_newest_idx on public.mcp_invocations (user_id, created_at desc, id desc);
create index mcp_invocations_tenant_newest_idx on public.mcp_invocations (tenant_id, created_at desc, id desc)
  where tenant_id is not null;

alter table public.mcp_invocations enable row level security;
alter table public.mcp_invocations force row level security;

create policy mcp_invocations_read_own_or_audit on public.mcp_invocations for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

create policy mcp_invocations_record_own on public.mcp_invocations for insert to smarteros_fn
with check (
  (select smarteros.can('read')) and user_id = (select smarteros.subject()) and recorded_by = 'self'
);

-- No update, delete or truncate for anyone. Without the column recorded_by, what the service writes says 'service'.
revoke all on public.mcp_invocations from public, anon, authenticated, service_role;
grant select on public.mcp_invocations to authenticated, service_role;
grant insert (id, user_id, tool, args, result, duration_ms, success, created_at, door, tenant_id, code, request_id,
  trace_id, redacted, calls) on public.mcp_invocations to service_role;
grant insert on public.mcp_invocations to smarteros_fn;

-- Catches what no day has a partition for, so that nothing is ever refused.
create table smarteros.mcp_invocations_default partition of public.mcp_invocations default;
alter table smarteros.mcp_invocations_default enable row level security;
alter table smarteros.mcp_invocations_default force row level security;
revoke all on smarteros.mcp_invocations_default from public, anon, authenticated, service_role;

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

  constraint mcp_intents_user_id_not_empty check (btrim(user_id) <> '' and char_length(user_id) <= 255),
  constraint mcp_intents_tool_length check (char_length(tool) between 1 and 200),
  constraint mcp_intents_args_size check (octet_length(args) <= 262144),
  constraint mcp_intents_request_id_length check (char_length(request_id) between 1 and 200)
);

create index mcp_intents_user_newest_idx on public.mcp_intents (user_id, created_at desc, id desc);
create index mcp_intents_tenant_newest_idx on public.mcp_intents (tenant_id, created_at desc, id desc)
  where tenant_id is not null;

alter table public.mcp_intents enable row level security;
alter table public.mcp_intents force row level security;

create policy mcp_intents_read_own_or_audit on public.mcp_intents for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

create policy mcp_intents_record_own on public.mcp_intents for insert to smarteros_fn
with check ((select smarteros.can('read')) and user_id = (select smarteros.subject()));

revoke all on public.mcp_intents from public, anon, authenticated, service_role;
grant select on public.mcp_intents to authenticated, service_role;
grant insert on public.mcp_intents to service_role, smarteros_fn;
