import { beforeAll, describe, expect, test } from "vitest";
import { asService, asUser, newOwner, sqlState, superuser, violated } from "./embedded.ts";

type Figures = { calls: number; errors: number; limited: number; p50: number; p95: number; p99: number };
type Summary = {
  total: Figures;
  before: (Figures & { from: string; to: string }) | null;
  moments: (Figures & { at: string })[];
  tools: (Figures & { tool: string })[];
  latencies: [string, number, number][];
  countedUntil: string | null;
};
type Ranking = (Figures & { key: string })[];
type Range = { from: Date; to: Date; step: number };
type Filter = { tool?: string; user?: string; tenant?: string };

const hour = 3_600_000;
const day = 24 * hour;
const auditor = newOwner("auditor");
const [one, other] = [newOwner(), newOwner()];
const tenant = crypto.randomUUID();
const tools = [`probe.${crypto.randomUUID().slice(0, 8)}`, `probe.${crypto.randomUUID().slice(0, 8)}`];
// Two past days and some hours, and the current hour.
const midnight = Math.floor(Date.now() / day) * day;

const rollUp = () =>
  asService((sql) => sql<{ hours: number; more: boolean }[]>`select * from public.roll_up_calls(1000)`);

async function rollUpAll() {
  for (;;) {
    const [step] = await rollUp();
    if (!step?.more) return;
  }
}

async function summary(sub: string, { from, to, step }: Range, filter: Filter = {}, role?: string) {
  const [row] = await asUser(
    sub,
    (sql) => sql<
      { summary: Summary }[]
    >`select public.summarize_calls(${from.toISOString()}, ${to.toISOString()},
      ${step}, ${filter.tool ?? null}, ${filter.user ?? null}, ${filter.tenant ?? null}) as summary`,
    role,
  );
  if (!row) throw new Error("no summary");
  return row.summary;
}
const asAuditor = (range: Range, filter: Filter = {}) => summary(auditor, range, filter, "auditor");

async function ranking(by: string, { from, to }: Range, tool?: string, role = "auditor") {
  const [row] = await asUser(
    auditor,
    (sql) =>
      sql<
        { ranking: Ranking }[]
      >`select public.rank_calls(${from.toISOString()}, ${to.toISOString()}, ${by}, ${tool ?? null}) as ranking`,
    role,
  );
  if (!row) throw new Error("no ranking");
  return row.ranking;
}

/** Computes the same figures from the calls with Postgres' aggregates. */
async function truth({ from, to }: Range, { tool, user, tenant }: Filter = {}): Promise<Figures> {
  const [row] = await superuser<[Figures]>`
    select count(*) filter (where code <> 'rate_limited')::int as calls,
      count(*) filter (where not success and code <> 'rate_limited')::int as errors,
      coalesce(sum(calls) filter (where code = 'rate_limited'), 0)::int as limited,
      percentile_disc(0.5) within group (order by duration_ms) filter (where code <> 'rate_limited') as p50,
      percentile_disc(0.95) within group (order by duration_ms) filter (where code <> 'rate_limited') as p95,
      percentile_disc(0.99) within group (order by duration_ms) filter (where code <> 'rate_limited') as p99
    from public.mcp_invocations
    where created_at >= ${from.toISOString()} and created_at < ${to.toISOString()}
      and (${tool ?? null}::text is null or tool = ${tool ?? null})
      and (${user ?? null}::text is null or user_id = ${user ?? null})
      and (${tenant ?? null}::uuid is null or tenant_id = ${tenant ?? null})`;
  return row;
}

/** Expects exact counts, and latencies within one percent. */
function expectFigures(found: Figures | undefined, wanted: Figures) {
  expect(found).toMatchObject({ calls: wanted.calls, errors: wanted.errors, limited: wanted.limited });
  for (const quantile of ["p50", "p95", "p99"] as const) {
    const [is, should] = [found?.[quantile] ?? 0, wanted[quantile]];
    expect(Math.abs(is - should), `${quantile}: ${is}, not ${should}`).toBeLessThanOrEqual(
      should * 0.01 + 0.05,
    );
  }
}

/** Records calls at random times, with latencies from one millisecond to some seconds. */
async function record(count: number, from: number, to: number, user = one) {
  await superuser`
    insert into public.mcp_invocations (user_id, tool, tenant_id, duration_ms, success, code, calls, created_at)
    select ${user}, (array[${tools[0] as string}, ${tools[1] as string}])[1 + (random() + n * 0)::int],
      case when random() < 0.5 then ${tenant}::uuid end, d.ms, e.code = 'ok', e.code,
      case when e.code = 'rate_limited' then 3 else 1 end,
      to_timestamp(${from / 1000} + random() * ${(to - from) / 1000 - 0.01} + n * 0)
    from generate_series(1, ${count}) n
    cross join lateral (select exp(random() * 8 + n * 0)::int as ms) d
    cross join lateral (
      select case when random() + n * 0 < 0.85 then 'ok' when random() < 0.5 then 'internal' else 'rate_limited' end as code
    ) e`;
}

const whole: Range = { from: new Date(midnight - 2 * day), to: new Date(midnight), step: 86_400 };
const lately: Range = {
  from: new Date(midnight - 1.9 * hour),
  to: new Date(midnight - 0.1 * hour),
  step: 300,
};
const ragged: Range = { from: new Date(midnight - 1.7 * day), to: new Date(), step: 6 * 3_600 };

beforeAll(async () => {
  await record(4_000, midnight - 2.3 * day, Date.now());
  await record(1_000, midnight - 2.3 * day, Date.now(), other);
  await rollUpAll();
});

describe("an auditor", () => {
  test.each([
    ["two whole days", whole],
    ["some days and hours, up to now", ragged],
    ["an hour", { from: new Date(midnight - 5.4 * hour), to: new Date(midnight - 4.4 * hour), step: 300 }],
    ["less than five minutes", { from: new Date(midnight - 200_000), to: new Date(midnight), step: 300 }],
  ])("reads of %s what Postgres itself would say, by tool, user and tenant", async (_, range) => {
    const found = await asAuditor(range);
    for (const tool of tools) {
      const wanted = await truth(range, { tool });
      if (wanted.calls > 0)
        expectFigures(
          found.tools.find((line) => line.tool === tool),
          wanted,
        );
      expectFigures((await asAuditor(range, { tool })).total, {
        ...wanted,
        p50: wanted.p50 ?? 0,
        p95: wanted.p95 ?? 0,
        p99: wanted.p99 ?? 0,
      });
    }
    const [mine, ours] = await Promise.all([truth(range, { user: one }), truth(range, { tenant })]);
    expectFigures((await asAuditor(range, { user: one })).total, mine);
    if (ours.calls > 0) expectFigures((await asAuditor(range, { tenant })).total, ours);
    const sums = found.moments.reduce((sum, moment) => sum + moment.calls, 0);
    expect(sums).toBe(found.total.calls);
    expect(found.latencies.reduce((sum, [, , calls]) => sum + calls, 0)).toBe(found.total.calls);
    // Other tests add calls too, some of them old and not counted yet.
    expect(found.total.calls).toBeGreaterThanOrEqual(
      mine.calls + (await truth(range, { user: other })).calls,
    );
  });

  test.each([
    ["whole days", whole],
    ["days, hours and calls", ragged],
    ["calls alone", lately],
  ])("sees who calls most, and about whom, of %s and of one tool", async (_, range) => {
    for (const tool of [undefined, tools[0]]) {
      const filter = tool === undefined ? {} : { tool };
      const users = await ranking("user", range, tool);
      const place = (user: string) => users.findIndex(({ key }) => key === user);
      expect(place(one)).toBeGreaterThanOrEqual(0);
      expect(place(one)).toBeLessThan(place(other));
      expectFigures(users[place(one)], await truth(range, { ...filter, user: one }));
      const tenants = await ranking("tenant", range, tool);
      expectFigures(
        tenants.find(({ key }) => key === tenant),
        await truth(range, { ...filter, tenant }),
      );
    }
    expect((await ranking("user", range, tools[0])).map(({ key }) => key)).toEqual([one, other]);
  });
});

describe("the time before", () => {
  const filters = [
    { tool: tools[0] as string },
    { user: one },
    { tenant },
    { user: one, tool: tools[0] as string },
  ];
  test.each(
    filters.flatMap((filter) =>
      [
        { from: midnight - day, to: midnight, step: 86_400 },
        // 24 hours as a page requests them some minutes after midnight.
        { from: midnight - day, to: midnight + 20 * 60_000, step: 3_600 },
        { from: midnight - 20.3 * hour, to: midnight - 2.1 * hour, step: 3_600 },
        { from: midnight - 12.77 * hour, to: midnight - 11.5 * hour, step: 300 },
      ].map((range) => [filter, range] as const),
    ),
  )(
    "of %j in %j is as long, to an hour or a day, and counts its own calls",
    async (filter, { from, to, step }) => {
      const { before } = await asAuditor({ from: new Date(from), to: new Date(to), step }, filter);
      if (!before) throw new Error("nothing to compare with");
      const own = { from: new Date(before.from), to: new Date(before.to), step };
      expectFigures(before, await truth(own, filter));
      expect(before.calls).toBeGreaterThan(0);
      const unit = step < 3_600 ? 1 : filter.tool && filter.user && step >= 86_400 ? day : hour;
      expect(Math.abs(own.to.getTime() - own.from.getTime() - (to - from))).toBeLessThanOrEqual(unit / 2);
      expect(from - own.to.getTime()).toBeGreaterThanOrEqual(0);
      expect(from - own.to.getTime()).toBeLessThan(unit);
    },
  );

  test("is left out when it was not counted completely", async () => {
    const [{ since }] = await superuser<[{ since: Date }]>`select smarteros.counted_since() as since`;
    const after = new Date(since.getTime() + 1.5 * day);
    expect(
      (await asAuditor({ from: after, to: new Date(after.getTime() + day), step: 3_600 })).before,
    ).not.toBeNull();
    expect(
      (await asAuditor({ from: after, to: new Date(after.getTime() + 2 * day), step: 3_600 })).before,
    ).toBeNull();
  });
});

test("counting is idempotent, also concurrently", async () => {
  const before = await asAuditor(whole);
  await Promise.all([rollUp(), rollUp()]);
  await rollUpAll();
  expect(await asAuditor(whole)).toEqual(before);
});

test("late rows are counted", async () => {
  const before = (await asAuditor(whole, { user: other })).total.calls;
  await record(50, midnight - 1.5 * day, midnight - 1.4 * day, other);
  await rollUpAll();
  const after = await asAuditor(whole, { user: other });
  expectFigures(after.total, await truth(whole, { user: other }));
  expect(after.total.calls).toBeGreaterThan(before);
});

test("a user reads only their own calls", async () => {
  for (const range of [whole, ragged, lately]) {
    expectFigures((await summary(one, range)).total, await truth(range, { user: one }));
    expectFigures((await summary(one, range, { user: one })).total, await truth(range, { user: one }));
    expectFigures((await summary(one, range, { tenant })).total, await truth(range, { user: one, tenant }));
    const others = await summary(one, range, { user: other });
    expect([others.total.calls, others.moments, others.tools]).toEqual([0, [], []]);
  }
  expect((await summary(newOwner(), whole)).total.calls).toBe(0);
  expect(await sqlState(ranking("user", whole, undefined, "operator"))).toBe("42501");
});

test("a user without a known role reads nothing, and no user reads the rollups directly", async () => {
  expect(await sqlState(summary(one, whole, {}, "stranger"))).toBe("42501");
  expect(await sqlState(asService((sql) => sql`delete from public.call_rollups`))).toBe("42501");
  expect(await sqlState(asUser(one, (sql) => sql`select public.roll_up_calls()`))).toBe("42501");
});

test.each([
  [{ ...whole, to: whole.from }, "time_range"],
  [{ ...whole, from: new Date(0) }, "time_range"],
  [{ ...whole, step: 60 }, "step_range"],
  [{ ...whole, step: 450 }, "step_range"],
])("refuses %o", async (range, constraint) => {
  expect(await violated(asAuditor(range))).toBe(constraint);
});

test("a time without calls is empty and not an error", async () => {
  const range = { from: new Date(midnight - 300 * day), to: new Date(midnight - 299 * day), step: 3_600 };
  const { total, moments, tools } = await asAuditor(range);
  expect([total.calls, moments, tools]).toEqual([0, [], []]);
});
