import { uuidv7 } from "@smarteros/core";
import fc from "fast-check";
import type postgres from "postgres";
import { expect, test } from "vitest";
import { asService, asUser, newOwner, superuser } from "./embedded.ts";

// Ten thousand rows reported by hostile users must change no figure of others, hide or open no incident and stop no
// job; each accepted row appears in its user's own view.

const users = Array.from({ length: 4 }, () => newOwner("hostile"));
const victim = newOwner("victim");
const tenant = crypto.randomUUID();
const hour = 3_600_000;

const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "tenants.list",
    "ok",
    "internal",
    "rate_limited",
    "https://evil.example",
    victim,
    "\u202eexe",
    "NaN",
  ),
);
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1, -1, 2 ** 31, 2 ** 53, 1e308, 86_400_000),
);
const anything = fc.oneof(text, number, fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 2 }));
const mostly = (usual: fc.Arbitrary<unknown>) => fc.oneof({ weight: 60, arbitrary: usual }, anything);
const hostileRow = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record(
      {
        id: mostly(fc.constantFrom(undefined, ...Array.from({ length: 5000 }, () => uuidv7()))),
        user_id: fc.constantFrom(victim, ...users),
        tool: mostly(fc.constantFrom("tenants.list", "tenants.get")),
        duration_ms: mostly(fc.integer({ min: 0, max: 86_400_000 })),
        success: mostly(fc.boolean()),
        code: mostly(fc.constantFrom("ok", "internal", "rate_limited", "unavailable")),
        calls: mostly(fc.integer({ min: 1, max: 10_000 })),
        created_at: mostly(fc.constantFrom("1970-01-01T00:00:00Z", "infinity", "2999-01-01T00:00:00Z")),
        recorded_by: fc.constant("service"),
        tenant_id: mostly(fc.constantFrom(tenant, crypto.randomUUID())),
        args: mostly(fc.string({ maxLength: 300 })),
        trace_id: mostly(fc.constant("0af7651916cd43dd8448eb211c80319c")),
      },
      { requiredKeys: ["tool", "duration_ms"] },
    ),
  },
  anything,
);

const asAuditor = <T>(work: (sql: postgres.TransactionSql) => Promise<T>) =>
  asUser(newOwner("auditor"), work, "auditor");

/**
 * Reads the figures that others see: shared totals and rankings of two days, the victim's and the tenant's figures, and
 * the input of alerts.
 */
async function figuresOfOthers() {
  const [from, to] = [new Date(Date.now() - 48 * hour), new Date(Math.ceil(Date.now() / hour) * hour + hour)];
  const [row] = await asAuditor(
    (sql) => sql`
      select public.summarize_calls(${from}, ${to}, 3600) - 'selfReported' - 'countedUntil' as all,
        public.summarize_calls(${from}, ${to}, 3600, p_user => ${victim}) - 'selfReported' - 'countedUntil' as victim,
        public.summarize_calls(${from}, ${to}, 3600, p_tenant => ${tenant}) - 'selfReported' - 'countedUntil' as tenant,
        public.rank_calls(${from}, ${to}, 'user') as users, public.rank_calls(${from}, ${to}, 'tenant') as tenants`,
  );
  const [alerts] = await asService(
    (sql) => sql`select public.read_alerts('{5,60,360}', '{1000}') -> 'observations' -> 'calls' as calls`,
  );
  const byTool = (a: { minutes: number; tool: string }, b: typeof a) =>
    a.minutes - b.minutes || a.tool.localeCompare(b.tool);
  return { ...row, alerts: alerts?.calls.sort(byTool) };
}

async function rollUp() {
  for (let more = true; more; )
    [{ more } = { more: false }] = await asService(
      (sql) => sql<{ more: boolean }[]>`select more from public.roll_up_calls(1000)`,
    );
}

test("ten thousand fuzzed rows change nothing for others, and each accepted one belongs to the user", async () => {
  await asService((sql) => sql`select public.register_tools('{tenants.list,tenants.get}')`);
  await superuser`
    insert into public.mcp_invocations (user_id, tool, tenant_id, duration_ms, success, code, created_at)
    select ${victim}, 'tenants.list', ${tenant}, n % 900, n % 7 > 0, case when n % 7 > 0 then 'ok' else 'internal' end,
      now() - n * interval '6 minutes' from generate_series(1, 400) n`;
  await rollUp();
  const before = await figuresOfOthers();

  const rows = fc.sample(hostileRow, 10_000);
  const stored = new Map(users.map((user) => [user, 0]));
  let skipped = 0;
  for (let start = 0; start < rows.length; start += 100) {
    const user = users[(start / 100) % users.length] as string;
    const batch = rows.slice(start, start + 100);
    const [row] = await asUser(
      user,
      (sql) => sql`select public.record_my_invocations(${sql.json(batch as postgres.JSONValue)}) as report`,
    );
    stored.set(user, (stored.get(user) ?? 0) + row?.report.stored);
    skipped += row?.report.skipped.length;
  }
  // Moves them to a completed hour, so that they are rolled up too.
  await superuser`update public.mcp_invocations set created_at = created_at - interval '70 minutes'
    where recorded_by = 'self' and id in (select id from public.mcp_invocations where recorded_by = 'self' limit 3000)`;
  await rollUp();

  const total = [...stored.values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThan(2_000);
  expect(skipped).toBeGreaterThan(500);
  expect(await figuresOfOthers()).toEqual(before);
  const [from, to] = [new Date(Date.now() - 48 * hour), new Date(Date.now() + hour)];
  for (const user of users) {
    const own = await asUser(
      user,
      (sql) => sql`select public.summarize_calls(${from}, ${to}, 3600) -> 'total' as total,
        (select count(*)::int from public.mcp_invocations where user_id = ${user}) as rows`,
    );
    expect(own[0]?.rows).toBe(stored.get(user));
    const [counted] =
      await superuser`select count(*) filter (where code is distinct from 'rate_limited')::int as calls,
      coalesce(sum(calls) filter (where code = 'rate_limited'), 0)::int as limited
      from public.mcp_invocations where user_id = ${user}`;
    expect(own[0]?.total).toMatchObject(counted as object);
  }
  const [shared] = await asAuditor(
    (sql) => sql`select public.summarize_calls(${from}, ${to}, 3600) -> 'selfReported' as line`,
  );
  const [self] =
    await superuser`select count(*) filter (where code is distinct from 'rate_limited')::int as calls
    from public.mcp_invocations where recorded_by = 'self'`;
  expect(shared?.line.calls).toBe(self?.calls);
}, 120_000);
