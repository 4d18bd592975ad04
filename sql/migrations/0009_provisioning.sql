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
