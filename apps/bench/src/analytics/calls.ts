import type { Sql } from "postgres";

/** The number of days with calls, today included. */
const days = 30;

/**
 * Fills the audit log with `rows` calls over 30 days: eight tools with log-normal latencies, 500 users and 2 000
 * tenants, few of whom call often. One statement a day, in the order of time, into existing partitions.
 */
export async function fill(sql: Sql, rows: number) {
  // Vacuum runs at the end instead, so that it does not disturb the measurement.
  await sql`alter system set autovacuum = off`;
  await sql`select pg_reload_conf()`;
  await sql`
    insert into public.mcp_invocations (user_id, tool, duration_ms, created_at, recorded_at)
    select 'seed', 'tenants.list', 1, at, at
    from (
      select date_trunc('day', now()) - make_interval(days => d) + interval '1 hour' as at
      from generate_series(1, ${days}) d
    ) moment`;
  await sql`select public.ensure_partitions()`;
  await sql`set synchronous_commit = off`;
  for (let day = 0; day < days; day++)
    await sql`
      with tool (i, name, middle, spread, failing) as (
        values (0, 'tenants.list', 18, 0.6, 0.005), (1, 'tenants.get', 9, 0.5, 0.004), (2, 'tenants.create', 45, 0.7, 0.03),
          (3, 'tenants.updateServices', 30, 0.6, 0.01), (4, 'fastapi.get', 120, 0.9, 0.04),
          (5, 'fastapi.post', 150, 0.9, 0.05), (6, 'services.status', 60, 0.7, 0.01),
          (7, 'services.provision', 80, 0.8, 0.02)
      )
      insert into public.mcp_invocations
        (user_id, tool, args, result, duration_ms, success, created_at, transport, tenant_id, code, request_id, recorded_at)
      select 'user_' || (power(random(), 3) * 500)::integer, tool.name,
        '{"id":"00000000-0000-4000-8000-000000000000"}', '{"ok":true}',
        greatest(0, (tool.middle * exp(tool.spread * normal.value))::integer), luck.ok, moment.at,
        case when random() < 0.8 then 'http' else 'stdio' end,
        ('00000000-0000-4000-8000-' || lpad(((power(random(), 2) * 2000)::integer)::text, 12, '0'))::uuid,
        case when luck.ok then 'ok' when random() < 0.2 then 'rate_limited' when random() < 0.5 then 'upstream_error'
          else 'invalid_input' end,
        'request-' || n, moment.at
      from generate_series(1, ${Math.round(rows / days)}) n
      cross join lateral (
        select now() - make_interval(days => ${day}) - random() * interval '1 day' + n * 0 * interval '1 s' as at
      ) moment
      join tool on tool.i = n % 8
      cross join lateral (
        select sqrt(-2 * ln(1 - random() + n * 0)) * cos(2 * pi() * random()) as value
      ) normal
      cross join lateral (select random() + n * 0 > tool.failing as ok) luck
      order by moment.at`;
  await sql`vacuum analyze public.mcp_invocations`;
}

/** Rolls up all completed hours and updates the rollups' statistics. */
export async function countAhead(sql: Sql) {
  await rollUp(sql);
  await sql`vacuum analyze public.call_rollups`;
}

/** Counts a day again, as after a late call. */
export async function countDay(sql: Sql) {
  await sql`select smarteros.mark_rollup('day', date_trunc('day', now(), 'UTC') - interval '1 day')`;
  await rollUp(sql);
}

async function rollUp(sql: Sql) {
  for (;;) {
    const [step] = await sql<{ more: boolean }[]>`select more from public.roll_up_calls(24)`;
    if (!step?.more) return;
  }
}

export type ToolFigures = {
  tool: string;
  calls: number;
  errors: number;
  p50: number;
  p95: number;
  p99: number;
};

/** Selects the whole UTC days, without the first one and today. */
const wholeDays = (sql: Sql) => sql`
  ts >= date_trunc('day', now()) - make_interval(days => ${days - 1}) and ts < date_trunc('day', now())`;

/** Reads the figures of all tools over the whole days from the rollups. */
export const fromCounts = (sql: Sql) => sql<ToolFigures[]>`
  with counted as materialized (
    select tool, calls, errors, bins, counts from public.call_rollups
    where resolution = 'day' and scope = 'all' and scope_key = '' and tool <> '' and ${wholeDays(sql)}
  ), running as (
    select tool, bin, sum(calls) over (partition by tool order by bin) as up_to, sum(calls) over (partition by tool) as of
    from (
      select tool, pair.bin, sum(pair.calls) as calls
      from counted cross join lateral unnest(bins, counts) as pair (bin, calls) group by 1, 2
    ) binned
  ), quantile as (
    select tool, smarteros.bin_ms(min(bin) filter (where up_to >= 0.5 * of)) as p50,
      smarteros.bin_ms(min(bin) filter (where up_to >= 0.95 * of)) as p95,
      smarteros.bin_ms(min(bin) filter (where up_to >= 0.99 * of)) as p99
    from running group by 1
  )
  select tool, sum(calls)::integer as calls, sum(errors)::integer as errors, p50, p95, p99
  from counted join quantile using (tool) group by tool, p50, p95, p99 order by tool`;

/** Computes the same figures from the calls. */
export const fromCalls = (sql: Sql) => sql<ToolFigures[]>`
  select tool, count(*)::integer as calls, count(*) filter (where not success)::integer as errors,
    percentile_cont(0.5) within group (order by duration_ms) as p50,
    percentile_cont(0.95) within group (order by duration_ms) as p95,
    percentile_cont(0.99) within group (order by duration_ms) as p99
  from (select tool, success, duration_ms, created_at as ts, code from public.mcp_invocations) call
  where ${wholeDays(sql)} and code is distinct from 'rate_limited'
  group by tool order by tool`;
