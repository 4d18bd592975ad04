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
