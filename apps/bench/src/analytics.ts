import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSupabase } from "@smarteros/local/stack";
import { supabaseCallLog } from "@smarteros/observability/supabase";
import { asUser } from "@smarteros/supabase";
import getPort from "get-port";
import { importJWK } from "jose";
import postgres, { type Sql } from "postgres";
import { countAhead, countDay, fill, fromCalls, fromCounts, type ToolFigures } from "./analytics/calls.ts";
import { compare, median } from "./measure.ts";
import { startNext } from "./next-server.ts";
import { sessionToken } from "./session-token.ts";
import { type Size, sized } from "./size.ts";

const day = 86_400_000;
const lower = (atMost: number, of: "ratio" | "value" = "value") => ({ better: "lower", atMost, of }) as const;

/** Measures summing up, searching and dropping `rows` calls over 30 days. */
export async function analytics(rows: number, size: Size) {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-bench-"));
  const port = await getPort();
  const origin = `http://localhost:${port}`;
  const stack = await startSupabase({
    dataDirectory: path.join(folder, "data"),
    webOrigin: origin,
    log: () => undefined,
  });
  const sql = postgres(stack.superuserUrl, { max: 1, onnotice: () => undefined });
  const web = await startNext(path.join(import.meta.dirname, "../../web"), port, "/api/mcp/ping", {
    SMARTEROS_IDENTITY: "local",
    MCP_ENABLED: "true",
    CLERK_AUTHORIZED_PARTIES: origin,
    NEXT_PUBLIC_SUPABASE_URL: stack.supabaseUrl,
    NEXT_PUBLIC_SUPABASE_ANON_KEY: stack.publishableKey,
  });
  try {
    await fill(sql, rows);
    await countAhead(sql);
    const token = await sessionToken(
      await importJWK(stack.signingKey, "RS256"),
      { iss: stack.issuer, azp: origin, sub: "user_bench", metadata: { role: "auditor" } },
      stack.signingKey.kid,
    );
    const log = supabaseCallLog(
      asUser({ url: stack.supabaseUrl, publishableKey: stack.publishableKey }, token),
    );
    // In this order, because the last ones change the data of the first ones.
    return [
      ...(await page(origin, token, size)),
      ...(await search(log, sql, size)),
      ...(await tick(sql, size)),
      ...(await quantiles(sql, size)),
      ...(await forgetting(sql)),
    ];
  } finally {
    await web.stop();
    await sql.end();
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compares the page's server time over 30 days and over one hour. */
async function page(origin: string, token: string, size: Size) {
  const read = async (range: string) => {
    const response = await fetch(`${origin}/dashboard/analytics?range=${range}`, {
      headers: { Cookie: `__session=${token}` },
    });
    const text = await response.text();
    if (response.status !== 200 || !text.includes("tenants.list"))
      throw new Error(`/dashboard/analytics answered ${response.status} without figures`);
  };
  // A new server compiles its code during the first requests.
  await times(sized(size, 20, 1), () => read("30d"));
  const figures = await times(sized(size, 40, 2), () => read("30d"));
  const hour = await times(sized(size, 40, 2), () => read("1h"));
  const peer = "over one hour";
  return [
    compare(
      "analytics: /dashboard/analytics over 30 days, p95",
      "ms",
      [p95(figures), p95(hour)],
      peer,
      lower(150),
    ),
  ];
}

/** Compares the slowest filter of the audit log with no filter. */
async function search(log: ReturnType<typeof supabaseCallLog>, sql: Sql, size: Size) {
  const [some] = await sql<[{ user: string; tenant: string; request: string; id: string }]>`
    select user_id as user, tenant_id as tenant, request_id as request, id from public.mcp_invocations
    where created_at < now() - interval '12 days' and tenant_id is not null limit 1`;
  const ago = (count: number) => new Date(Date.now() - count * day).toISOString();
  const filters = {
    user: { user: some.user },
    "a user who is nobody": { user: "user_nobody" },
    tool: { tool: "tenants.create" },
    "a tool that is none": { tool: "tenants.none" },
    tenant: { tenantId: some.tenant },
    failed: { status: "failed" },
    code: { status: "invalid_input" },
    "a code that is none": { status: "nothing" },
    "request id": { requestId: some.request },
    id: { id: some.id },
    time: { from: ago(20), to: ago(19) },
    "user, tool and time": { user: some.user, tool: "fastapi.post", from: ago(20), to: ago(10) },
  };
  const signal = new AbortController().signal;
  const ask = (filter: object) => times(sized(size, 20, 2), () => log.search(filter, { limit: 26 }, signal));
  const none = p95(await ask({}));
  let slowest = { name: "", figure: 0 };
  for (const [name, filter] of Object.entries(filters)) {
    const figure = p95(await ask(filter));
    if (figure > slowest.figure) slowest = { name, figure };
  }
  const name = `analytics: audit search by its slowest filter (${slowest.name}), p95`;
  return [compare(name, "ms", [slowest.figure, none], "without a filter", lower(100))];
}

/** Compares rolling up one minute's calls with counting a whole day again. */
async function tick(sql: Sql, size: Size) {
  const figures = await times(sized(size, 10, 2), async () => {
    await sql`insert into public.mcp_invocations (user_id, tool, duration_ms)
      select 'user_bench', 'tenants.list', n from generate_series(1, 300) n`;
    const started = performance.now();
    await sql`select * from public.roll_up_calls()`;
    return performance.now() - started;
  });
  const whole = await times(1, () => countDay(sql));
  const peer = "counting a whole day, as once after midnight";
  return [compare("analytics: a tick of counting", "ms", [median(figures), median(whole)], peer, lower(100))];
}

/**
 * Compares p50, p95, p99 and error rate of all tools over 29 whole days with the same from the calls, without and with
 * an index.
 */
async function quantiles(sql: Sql, size: Size) {
  const counted = await times(sized(size, 10, 2), () => fromCounts(sql));
  const raw = await times(2, () => fromCalls(sql));
  const [found, truth] = [await fromCounts(sql), await fromCalls(sql)];
  await sql`create index bench_cover on public.mcp_invocations (tool, created_at) include (duration_ms, success, code)`;
  await sql`vacuum analyze public.mcp_invocations`;
  const indexed = await times(2, () => fromCalls(sql));
  await sql`drop index public.bench_cover`;
  const name = "analytics: p50, p95, p99 and error rate of all tools, 30 days";
  const value = median(counted);
  return [
    compare(name, "ms", [value, median(raw)], "percentile_cont", lower(1 / 50, "ratio")),
    compare(
      name,
      "ms",
      [value, median(indexed)],
      "percentile_cont with a covering index",
      lower(1 / 15, "ratio"),
    ),
    compare(
      "analytics: the largest error of a latency",
      "%",
      [error(found, truth), 1],
      "what is promised",
      lower(1),
    ),
  ];
}

/** Compares dropping a week of the audit log with deleting the next one. */
async function forgetting(sql: Sql) {
  const [dropped] = await times(1, () => sql`select * from public.drop_expired(21)`);
  const [deleted] = await times(1, async () => {
    await sql`delete from public.mcp_invocations
      where created_at < date_trunc('day', now()) - interval '14 days'`;
    await sql`vacuum public.mcp_invocations`;
  });
  const peer = "DELETE and VACUUM";
  return [
    compare("analytics: dropping a week", "ms", [dropped ?? 0, deleted ?? 0], peer, lower(1 / 20, "ratio")),
  ];
}

/** Returns the largest difference in percent. Throws when counts differ. */
function error(found: readonly ToolFigures[], truth: readonly ToolFigures[]): number {
  const errors = truth.flatMap((wanted, index) => {
    const is = found[index];
    if (is?.tool !== wanted.tool || is.calls !== wanted.calls || is.errors !== wanted.errors)
      throw new Error(`${wanted.tool} is counted wrong`);
    return (["p50", "p95", "p99"] as const).map(
      (quantile) => Math.abs(is[quantile] / wanted[quantile] - 1) * 100,
    );
  });
  return Math.max(...errors);
}

/**
 * Returns the milliseconds of each of `count` rounds, measured or as returned by `work`. An additional first round
 * warms up unless `count` is 1.
 */
async function times(count: number, work: () => PromiseLike<unknown>): Promise<number[]> {
  const figures: number[] = [];
  for (let round = count > 1 ? -1 : 0; round < count; round++) {
    const started = performance.now();
    const own = await work();
    if (round >= 0) figures.push(typeof own === "number" ? own : performance.now() - started);
  }
  return figures;
}

function p95(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.ceil(figures.length * 0.95) - 1] ?? Number.NaN;
}
