import type postgres from "postgres";
import { expect, test } from "vitest";
import { newMigratedDatabase } from "./scratch.ts";

// Needs a separate database, because old days are counted once, when counting starts.

const day = 86_400_000;
const tenant = "00000000-0000-4000-8000-000000000001";
const [from, to] = [new Date(Math.floor(Date.now() / day) * day - 26 * day), new Date()];

/** Records calls of 26 days, none of them on a Sunday. */
const record = (sql: postgres.Sql) => sql`
  insert into public.mcp_invocations (user_id, tool, tenant_id, duration_ms, success, code, created_at)
  select case when random() < 0.7 then 'one' else 'other' end, case when random() < 0.5 then 'a' else 'b' end,
    case when random() < 0.5 then ${tenant}::uuid end, (exp(random() * 8) + n * 0)::int, random() < 0.9, 'ok', moment.at
  from generate_series(1, 6000) n
  cross join lateral (select ${from}::timestamptz + random() * (${to}::timestamptz - ${from}::timestamptz) + n * 0 * interval '1 s' as at) moment
  where extract(isodow from moment.at at time zone 'UTC') <> 7`;

async function rollUp(sql: postgres.Sql) {
  for (let more = true; more; ) {
    [{ more } = { more: false }] = await sql<{ more: boolean }[]>`select more from public.roll_up_calls(100)`;
  }
}

/** Compares the counts of completed weeks with the calls. */
const weeks = (sql: postgres.Sql) => sql`
  select scope, scope_key, tool, ts, calls::int, errors::int, (select sum(n) from unnest(counts) n)::int as binned
  from public.call_rollups where resolution = 'week' order by 1, 2, 3, 4`;
const truth = (sql: postgres.Sql) => sql`
  select what.scope, what.scope_key, what.tool, date_trunc('week', created_at, 'UTC') as ts, count(*)::int as calls,
    count(*) filter (where not success)::int as errors, count(*)::int as binned
  from public.mcp_invocations i
  cross join lateral (
    values ('all', '', i.tool), ('all', '', ''), ('user', i.user_id, ''), ('tenant', i.tenant_id::text, '')
  ) as what (scope, scope_key, tool)
  where what.scope_key is not null and date_trunc('week', created_at, 'UTC') < date_trunc('week', now(), 'UTC')
  group by 1, 2, 3, 4 order by 1, 2, 3, 4`;

test("a completed week is counted, and counted again after a late call", async () => {
  const { sql } = await newMigratedDatabase();
  await record(sql);
  await rollUp(sql);
  const wanted = await truth(sql);
  expect(wanted.length).toBeGreaterThanOrEqual(18);
  expect([...(await weeks(sql))]).toEqual([...wanted]);
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms, created_at)
    values ('late', 'a', 7, date_trunc('week', now(), 'UTC') - interval '1 minute')`;
  await rollUp(sql);
  const late = await truth(sql);
  expect(late.length).toBe(wanted.length + 1);
  expect([...(await weeks(sql))]).toEqual([...late]);
});

test("a month has the same figures from weeks as from calls, for every filter", async () => {
  const { sql } = await newMigratedDatabase();
  await record(sql);
  await rollUp(sql);
  const [all] = await sql<[{ calls: number; one: number; p95: number; about: number; ofTool: number }]>`
    select count(*)::int as calls, count(*) filter (where user_id = 'one')::int as one,
      percentile_disc(0.95) within group (order by duration_ms) as p95,
      count(*) filter (where tenant_id = ${tenant})::int as about, count(*) filter (where tool = 'a')::int as "ofTool"
    from public.mcp_invocations where created_at >= ${from} and created_at < ${to}`;
  const { summary, users, tenants, mine, earlier } = await sql.begin(async (transaction) => {
    const claims = JSON.stringify({ sub: "me", role: "authenticated", metadata: { role: "auditor" } });
    await transaction`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims}, true)`;
    const [answer] = await transaction`
      select public.summarize_calls(${from}, ${to}, 86400) as summary, public.rank_calls(${from}, ${to}, 'user') as users,
        public.rank_calls(${from}, ${to}, 'tenant') as tenants,
        public.summarize_calls(${from}, ${to}, 86400, p_user => 'one') as mine,
        public.summarize_calls(${new Date(to.getTime() - 10 * day)}, ${to}, 86400, p_user => 'one') -> 'before' as earlier`;
    return answer as NonNullable<typeof answer>;
  });
  expect(summary.total.calls).toBe(all.calls);
  expect(Math.abs(summary.total.p95 / all.p95 - 1)).toBeLessThanOrEqual(0.011);
  expect(summary.tools[summary.tools[0].tool === "a" ? 0 : 1]).toMatchObject({
    tool: "a",
    calls: all.ofTool,
  });
  expect(users.map(({ key, calls }: { key: string; calls: number }) => [key, calls])).toEqual([
    ["one", all.one],
    ["other", all.calls - all.one],
  ]);
  expect(tenants[0]).toMatchObject({ key: tenant, calls: all.about });
  expect(mine.total.calls).toBe(all.one);
  const [before] = await sql`select count(*)::int as calls from public.mcp_invocations
    where user_id = 'one' and created_at >= ${earlier.from} and created_at < ${earlier.to}`;
  expect(earlier).toMatchObject({ ...before });
  expect(earlier.calls).toBeGreaterThan(500);
});

test("counts outlive the calls that retention drops by about two years", async () => {
  const { sql } = await newMigratedDatabase();
  const counted = async () => {
    await rollUp(sql);
    const [row] = await sql`select count(*)::int as days from public.call_rollups
      where resolution = 'day' and scope = 'all' and tool = '' and ts < now() - interval '700 days'`;
    return row?.days;
  };
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms, created_at)
    select 'one', 'a', 7, now() - make_interval(days => days) from unnest(array[900, 750, 20]) days`;
  expect(await counted()).toBe(2);
  await sql`select public.drop_expired(30)`;
  // Counting the next day also removes expired counts; here a late call makes a day count again.
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms, created_at)
    values ('one', 'a', 7, now() - interval '2 days')`;
  expect(await counted()).toBe(1);
});
