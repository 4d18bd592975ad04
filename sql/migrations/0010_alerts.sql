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
