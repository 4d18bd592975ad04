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
