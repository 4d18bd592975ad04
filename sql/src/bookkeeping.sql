create schema if not exists smarteros;

create table if not exists smarteros.migrations (
  version text primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
);

alter table smarteros.migrations enable row level security;
revoke all on smarteros.migrations from public;
