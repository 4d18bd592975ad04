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
