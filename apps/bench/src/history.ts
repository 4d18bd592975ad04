import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSupabase } from "@smarteros/local/stack";
import postgres, { type Sql, type TransactionSql } from "postgres";
import { type Comparison, compare, interleaved } from "./measure.ts";
import { type Size, sized } from "./size.ts";

const rounds = 15;
const user = "user_bench";

/**
 * Measures queries over three years of partitions, by day for ninety days and by week before: one call by its id and a
 * user's last 25, each compared with the query without time bounds.
 */
export async function history(size: Size): Promise<Comparison[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-bench-"));
  const stack = await startSupabase({
    dataDirectory: path.join(folder, "data"),
    webOrigin: "http://127.0.0.1:3000",
    log: () => undefined,
  });
  const sql = postgres(stack.superuserUrl, { max: 1, onnotice: () => undefined });
  try {
    const id = await fill(sql, sized(size, 3 * 365, 120));
    const search = (condition: string) =>
      asAuditor(sql, `select * from public.search_invocations(${condition})`);
    const unbounded = (condition: string) =>
      asAuditor(
        sql,
        `select * from public.mcp_invocations where ${condition} order by created_at desc, id desc limit 25`,
      );
    const goal = (atMost: number) => ({ better: "lower", atMost, of: "value" }) as const;
    return [
      compare(
        "audit: one call by its id, three years of partitions",
        "ms",
        await interleaved(
          rounds,
          () => search(`p_id => '${id}'`),
          () => unbounded(`id = '${id}'`),
        ),
        "without bounds",
        goal(5),
      ),
      compare(
        "audit: a user's last 25, three years of partitions",
        "ms",
        await interleaved(
          rounds,
          () => search(`p_user => '${user}', p_limit => 25`),
          () => unbounded(`user_id = '${user}'`),
        ),
        "without bounds",
        goal(20),
      ),
    ];
  } finally {
    await sql.end();
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the milliseconds of one query as an auditor, in a transaction like PostgREST's. */
async function asAuditor(sql: Sql, query: string): Promise<number> {
  return sql.begin(async (transaction) => {
    const claims = JSON.stringify({ sub: "auditor", role: "authenticated", metadata: { role: "auditor" } });
    await transaction`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims}, true)`;
    const started = performance.now();
    const rows = await transaction.unsafe(query);
    if (rows.length === 0) throw new Error(`nothing found by ${query}`);
    return performance.now() - started;
  });
}

/**
 * Creates the partitions of `days` days with three calls a day, with UUIDv7 ids; returns the id of one in the middle.
 */
async function fill(sql: Sql, days: number): Promise<string> {
  await sql.begin(async (transaction) => {
    await transaction`set local timezone = 'UTC'`;
    await partition(transaction, days);
    await transaction`
      insert into public.mcp_invocations (id, user_id, tool, duration_ms, code, created_at)
      select (substr(moment.hex, 1, 8) || '-' || substr(moment.hex, 9, 4) || '-7' || substr(gen_random_uuid()::text, 16))::uuid,
        case n % 3 when 0 then ${user} else 'user_' || n end, 'tenants.list', 5, 'ok', moment.at
      from generate_series(1, ${days * 3}) n
      cross join lateral (
        select hours.at, lpad(to_hex((extract(epoch from hours.at) * 1000)::bigint), 12, '0') as hex
        from (select now() - n * interval '8 hours' as at) hours
      ) moment`;
  });
  await sql`analyze public.mcp_invocations`;
  const [row] = await sql<[{ id: string }]>`
    select id from public.mcp_invocations order by created_at offset ${Math.floor(days * 1.5)} limit 1`;
  return row.id;
}

async function partition(transaction: TransactionSql, days: number): Promise<void> {
  await transaction`
    create function pg_temp.attach(p_name text, p_from timestamptz, p_to timestamptz) returns void language plpgsql as $$
    begin
      perform smarteros.create_call_table(p_name);
      execute format('alter table public.mcp_invocations attach partition smarteros.%I for values from (%L) to (%L)',
        p_name, p_from, p_to);
    end $$`;
  const first = `date_trunc('week', now() - interval '${days} days')`;
  const firstDay = `date_trunc('week', now() - interval '90 days')`;
  await transaction.unsafe(`
    select pg_temp.attach('mcp_invocations_' || to_char(w, 'YYYYMMDD') || '_week', w, w + interval '7 days')
    from generate_series(${first}, ${firstDay} - interval '7 days', interval '7 days') w`);
  await transaction.unsafe(`
    select pg_temp.attach('mcp_invocations_' || to_char(d, 'YYYYMMDD'), d, d + interval '1 day')
    from generate_series(${firstDay}, date_trunc('day', now()) - interval '1 day', interval '1 day') d`);
}
