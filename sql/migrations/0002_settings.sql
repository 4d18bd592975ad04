-- Settings that SQL enforces as well, as JSON by name. Written by `configure`; an absent name has its default.
create table smarteros.settings (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);
