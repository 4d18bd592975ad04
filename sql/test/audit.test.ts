import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { asService, asUser, newOwner, sqlState, superuser } from "./embedded.ts";
import { newMigratedDatabase } from "./scratch.ts";

// Needs a separate database, because expiry and seals cover the whole log.
async function migrated(): Promise<postgres.Sql> {
  const { sql } = await newMigratedDatabase();
  return sql;
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

type Call = Partial<{
  id: string;
  user_id: string;
  tool: string;
  tenant_id: string;
  created_at: string;
  recorded_at: Date;
}>;

async function add(sql: postgres.ISql, call: Call): Promise<string> {
  const row = { id: crypto.randomUUID(), user_id: "user", tool: "tenants.get", duration_ms: 1, ...call };
  await sql`insert into public.mcp_invocations ${sql(row)}`;
  return row.id;
}

async function intend(sql: postgres.Sql, created_at: string, user_id = "user"): Promise<string> {
  const [intent] = await sql<[{ id: string }]>`
    insert into public.mcp_intents (user_id, tool, created_at) values (${user_id}, 'tenants.delete', ${created_at})
    returning id`;
  return intent.id;
}

const ids = async (sql: postgres.Sql, table: string) =>
  (await sql<{ id: string }[]>`select id from ${sql(table)}`).map(({ id }) => id).sort();

/** Counts everything that is due, because uncounted rows are not dropped. */
async function count(sql: postgres.Sql) {
  for (let more = true; more; )
    [{ more } = { more: false }] = await sql<
      { more: boolean }[]
    >`select more from public.roll_up_calls(1000)`;
}

async function drop(sql: postgres.Sql, days = 30, sealed = false) {
  await count(sql);
  const [dropped] = await sql`select * from public.drop_expired(${days}, ${sealed})`;
  return dropped;
}

const nothing = { partitions: 0, held: 0, intents: 0, more: false };

describe("data past the retention period", () => {
  test("is dropped once by whole days, with its intents and rows without a partition", async () => {
    const sql = await migrated();
    await add(sql, { created_at: daysAgo(40) });
    await add(sql, { created_at: daysAgo(31.1) });
    const kept = [await add(sql, { created_at: daysAgo(30) }), await add(sql, { created_at: daysAgo(0) })];
    await sql`select public.ensure_partitions()`;
    await add(sql, { created_at: daysAgo(50) });
    await intend(sql, daysAgo(40));
    const keptIntent = await intend(sql, daysAgo(5));
    expect(await drop(sql)).toEqual({ partitions: 2, held: 0, intents: 1, more: false });
    expect(await ids(sql, "mcp_invocations")).toEqual(kept.sort());
    expect(await ids(sql, "mcp_intents")).toEqual([keptIntent]);
    expect(await drop(sql)).toEqual(nothing);
  });

  test("is dropped once by concurrent calls, and no concurrent writer is refused", async () => {
    const sql = await migrated();
    for (const days of [40, 41, 42]) await add(sql, { created_at: daysAgo(days) });
    await sql`select public.ensure_partitions()`;
    await count(sql);
    const droppers = Array.from({ length: 4 }, () => drop(sql));
    const writers = Array.from({ length: 40 }, () => add(sql, { created_at: daysAgo(0) }));
    const dropped = await Promise.all(droppers);
    await Promise.all(writers);
    expect(dropped.map((each) => each?.partitions).sort()).toEqual([0, 0, 0, 3]);
    expect(await ids(sql, "mcp_invocations")).toHaveLength(40);
  });

  test("waits for a vacuum of its days without blocking others", async () => {
    const sql = await migrated();
    await add(sql, { created_at: daysAgo(40) });
    await sql`select public.ensure_partitions()`;
    const [{ partition }] = await sql<[{ partition: string }]>`
      select min(c.oid::regclass::text) as partition from pg_inherits h join pg_class c on c.oid = h.inhrelid
      where h.inhparent = 'public.mcp_invocations'::regclass and c.relname ~ '[0-9]{8}$'`;
    const vacuum = await sql.reserve();
    await vacuum`begin`;
    await vacuum.unsafe(`lock table ${partition} in share update exclusive mode`);
    const dropped = drop(sql);
    await expect
      .poll(() => sql`select from pg_locks where not granted and relation = ${partition}::regclass`)
      .toHaveLength(1);
    await sql.begin(async (writer) => {
      await writer`set local lock_timeout = '1s'`;
      await add(writer, { created_at: daysAgo(0) });
    });
    await vacuum`commit`;
    vacuum.release();
    expect(await dropped).toMatchObject({ partitions: 1 });
  });

  test("stays and is found while its user or tenant is on hold, and is dropped after the release", async () => {
    const sql = await migrated();
    const tenant = crypto.randomUUID();
    const ofUser = await add(sql, { created_at: daysAgo(40), user_id: "held" });
    const ofTenant = await add(sql, { created_at: daysAgo(40), tenant_id: tenant });
    await add(sql, { created_at: daysAgo(40) });
    await sql`select public.ensure_partitions()`;
    const late = await add(sql, { created_at: daysAgo(60), user_id: "held" });
    const intent = await intend(sql, daysAgo(40), "held");
    await sql`insert into public.legal_holds (user_id, reason) values ('held', 'case 1')`;
    await sql`insert into public.legal_holds (tenant_id, reason) values (${tenant}, 'case 2')`;
    expect(await drop(sql)).toEqual({ partitions: 1, held: 3, intents: 0, more: false });
    expect(await ids(sql, "mcp_invocations")).toEqual([]);
    expect(await ids(sql, "mcp_held_invocations")).toEqual([ofUser, ofTenant, late].sort());
    expect(await drop(sql)).toEqual(nothing);

    const found = await sql.begin(async (transaction) => {
      await transaction`select set_config('role', 'authenticated', true),
        set_config('request.jwt.claims', '{"sub":"auditor","metadata":{"role":"auditor"}}', true)`;
      return transaction`select id, held from public.search_invocations(p_user => 'held')`;
    });
    expect([...found]).toEqual([
      { id: intent, held: false },
      { id: ofUser, held: true },
      { id: late, held: true },
    ]);

    await sql`update public.legal_holds set released_at = now() where user_id = 'held'`;
    expect(await drop(sql)).toEqual({ ...nothing, intents: 1 });
    expect(await ids(sql, "mcp_held_invocations")).toEqual([ofTenant]);
  });

  test("stays while it is not counted", async () => {
    const sql = await migrated();
    const old = await add(sql, { created_at: daysAgo(40) });
    await sql`select public.ensure_partitions()`;
    const undone = async () => (await sql`select * from public.drop_expired(30)`)[0];
    expect(await undone()).toMatchObject({ partitions: 0 });
    await count(sql);
    await sql`insert into smarteros.rollup_work (resolution, ts) values ('day', date_trunc('day', ${daysAgo(40)}::timestamptz, 'UTC'))`;
    expect(await undone()).toMatchObject({ partitions: 0 });
    expect(await ids(sql, "mcp_invocations")).toEqual([old]);
    await count(sql);
    expect(await undone()).toMatchObject({ partitions: 1 });
  });

  test("stays while it is not sealed, when the log is sealed", async () => {
    const sql = await migrated();
    const old = await add(sql, { created_at: daysAgo(40), recorded_at: new Date(daysAgo(0)) });
    await sql`select public.ensure_partitions()`;
    expect(await drop(sql, 30, true)).toMatchObject({ partitions: 0 });
    await sql`update public.mcp_invocations set recorded_at = now() - interval '3 hours'`;
    await sql`select public.seal_audit()`;
    expect(await ids(sql, "mcp_invocations")).toEqual([old]);
    expect(await drop(sql, 30, true)).toMatchObject({ partitions: 1 });
  });

  test("is dropped in batches of seven days and 20 000 intents", async () => {
    const sql = await migrated();
    for (let days = 40; days < 52; days++) await add(sql, { created_at: daysAgo(days) });
    await sql`select public.ensure_partitions()`;
    await sql`insert into public.mcp_intents (user_id, tool, created_at)
      select 'user', 'tenants.delete', ${daysAgo(40)} from generate_series(1, 20005)`;
    expect(await drop(sql)).toEqual({ partitions: 7, held: 0, intents: 20_000, more: true });
    expect(await drop(sql)).toEqual({ partitions: 5, held: 0, intents: 5, more: false });
  });

  test("cannot have a retention period of a few days", async () => {
    const sql = await migrated();
    for (const days of [0, 7, 36_501]) await expect(drop(sql, days)).rejects.toMatchObject({ code: "23514" });
  });
});

describe("intents without their invocation", () => {
  test("are listed until the same user's invocation arrives", async () => {
    const user = newOwner();
    const stranger = newOwner();
    const [id = "", other = ""] = await asService(async (sql) => {
      const intents = await sql<{ id: string }[]>`
        insert into public.mcp_intents (user_id, tool, created_at)
        select ${user}, 'tenants.delete', now() - interval '5 minutes' from generate_series(1, 2) returning id`;
      return intents.map((intent) => intent.id);
    });
    const open = () =>
      asUser(
        user,
        (sql) =>
          sql`select id, code, success, result from public.search_invocations(p_status => 'outcome_unknown')`,
      );
    const record = (rows: Record<string, unknown>[]) => JSON.stringify(rows);
    await asUser(
      stranger,
      (sql) =>
        sql`select public.record_my_invocations(${record([{ id, tool: "tenants.get", duration_ms: 1 }])}::text::jsonb)`,
    );
    expect((await open()).map((row) => row.id).sort()).toEqual([id, other].sort());
    await asService(
      (sql) =>
        sql`select public.record_invocations(${record([{ id, user_id: user, tool: "tenants.delete", duration_ms: 1 }])}::text::jsonb)`,
    );
    expect([...(await open())]).toEqual([
      { id: other, code: "outcome_unknown", success: false, result: null },
    ]);
    expect(
      await asUser(stranger, (sql) => sql`select from public.mcp_open_intents where id = ${other}`),
    ).toEqual([]);
  });

  test("are not listed while the tool may still run", async () => {
    const user = newOwner();
    await asService(
      (sql) => sql`insert into public.mcp_intents (user_id, tool) values (${user}, 'tenants.delete')`,
    );
    expect(await asUser(user, (sql) => sql`select from public.search_invocations()`)).toHaveLength(0);
  });
});

describe("search", () => {
  test("finds by each filter and by combinations, and pages through all in order", async () => {
    const user = newOwner();
    const tenant = crypto.randomUUID();
    const at = (index: number) => new Date(Date.UTC(2031, 0, 1, 0, 0, Math.floor(index / 3))).toISOString();
    const calls = Array.from({ length: 30 }, (_, index) => ({
      id: crypto.randomUUID(),
      user_id: user,
      tool: index % 2 ? "tenants.get" : "tenants.list",
      tenant_id: index % 5 ? null : tenant,
      code: index % 7 ? "ok" : "forbidden",
      success: index % 7 > 0,
      request_id: `${user}-${index % 10}`,
      duration_ms: 1,
      created_at: at(index),
    }));
    await superuser`insert into public.mcp_invocations ${superuser(calls)}`;
    const search = async (filters: Record<string, unknown>, limit = 100) => {
      const names = Object.keys(filters);
      const found = await asUser(
        newOwner("auditor"),
        (sql) =>
          sql.unsafe<{ id: string; created_at: string }[]>(
            `select id, created_at::text from public.search_invocations(${[...names, "p_limit"].map((name, index) => `${name} => $${index + 1}`).join(", ")})`,
            [...Object.values(filters), limit] as string[],
          ),
        "auditor",
      );
      return [...found];
    };
    const expected = (wanted: (call: (typeof calls)[number], index: number) => boolean) =>
      calls
        .filter(wanted)
        .toSorted((a, b) => b.created_at.localeCompare(a.created_at) || (b.id > a.id ? 1 : -1))
        .map(({ id }) => id);
    const found = async (filters: Record<string, unknown>) =>
      (await search({ p_user: user, ...filters })).map(({ id }) => id);

    expect(await found({})).toEqual(expected(() => true));
    expect(await found({ p_tool: "tenants.get" })).toEqual(expected(({ tool }) => tool === "tenants.get"));
    expect(await found({ p_tenant: tenant })).toEqual(expected(({ tenant_id }) => tenant_id === tenant));
    expect(await found({ p_status: "failed" })).toEqual(expected(({ success }) => !success));
    expect(await found({ p_status: "ok" })).toEqual(expected(({ success }) => success));
    expect(await found({ p_status: "forbidden" })).toEqual(expected(({ code }) => code === "forbidden"));
    expect(await found({ p_request_id: `${user}-3` })).toEqual(expected((_, index) => index % 10 === 3));
    expect(await found({ p_from: at(6), p_to: at(12) })).toEqual(
      expected((_, index) => index >= 6 && index < 12),
    );
    expect(await found({ p_id: calls[4]?.id })).toEqual([calls[4]?.id]);
    expect(await found({ p_tool: "tenants.list", p_tenant: tenant, p_status: "ok", p_from: at(3) })).toEqual(
      expected((call, index) => index % 2 === 0 && call.tenant_id === tenant && call.success && index >= 3),
    );
    const paged: string[] = [];
    for (let last: { id: string; created_at: string } | undefined; paged.length < 30; ) {
      const page = await search(
        { p_user: user, ...(last ? { p_before: last.created_at, p_before_id: last.id } : {}) },
        7,
      );
      paged.push(...page.map(({ id }) => id));
      last = page.at(-1);
      if (!last) break;
    }
    expect(paged).toEqual(expected(() => true));
  });

  test("shows a user no call of another user for any filter", async () => {
    const [mine, theirs] = [newOwner(), newOwner()];
    await asService(
      (sql) => sql`insert into public.mcp_invocations (user_id, tool, duration_ms, request_id)
        values (${mine}, 'a.b', 1, 'shared'), (${theirs}, 'a.b', 1, 'shared')`,
    );
    const users = async (filters: { user?: string; role?: string }) => {
      const found = await asUser(
        mine,
        (sql) => sql<{ user_id: string }[]>`
          select user_id from public.search_invocations(p_user => ${filters.user ?? null}, p_request_id => 'shared')`,
        filters.role,
      );
      return [...new Set(found.map(({ user_id }) => user_id))];
    };
    expect(await users({})).toEqual([mine]);
    expect(await users({ user: theirs })).toEqual([]);
    expect(await users({ user: theirs, role: "auditor" })).toEqual([theirs]);
    expect(await users({ role: "unknown" })).toEqual([]);
  });

  test("returns at most a thousand rows at a time", async () => {
    for (const limit of [0, 1001, null]) {
      expect(
        await sqlState(
          asUser("user", (sql) => sql`select from public.search_invocations(p_limit => ${limit})`),
        ),
      ).toBe("23514");
    }
  });
});

describe("seals", () => {
  const hours = (from: number) =>
    new Date((Math.floor((Date.now() - 600_000) / 3_600_000) - from) * 3_600_000);
  const within = (from: number) => new Date(hours(from).getTime() + 60_000);

  /** Creates a log of five rows over the last three hours, each hour sealed. */
  async function sealed() {
    const sql = await migrated();
    const rows = [
      await add(sql, { recorded_at: within(3), created_at: within(3).toISOString() }),
      await add(sql, { recorded_at: within(3), created_at: daysAgo(40) }),
      await add(sql, { recorded_at: within(2) }),
      await add(sql, { recorded_at: within(1) }),
      await add(sql, { recorded_at: within(1) }),
    ];
    // Simulates sealing since four hours ago: the first seal of a log is that of the latest hour.
    const parts = sql.json([]);
    await sql`insert into smarteros.audit_seals (hour, parts, previous, hash)
      values (${hours(4)}, ${parts}, '', smarteros.seal_hash('', ${hours(4)}, ${parts}))`;
    const made = await sql<{ hour: Date; rows: string; hash: string }[]>`select * from public.seal_audit()`;
    return { sql, rows, head: made.at(-1)?.hash, made };
  }

  const verify = (sql: postgres.Sql) =>
    sql<{ hour: Date; hash: string; problem: string | null }[]>`select * from public.verify_seals()`;

  async function problems(sql: postgres.Sql) {
    const found = await verify(sql);
    return found.filter(({ problem }) => problem).map(({ hour, problem }) => [hour.getTime(), problem]);
  }

  test("are created once for each hour and are valid while no row changes", async () => {
    const { sql, made, head } = await sealed();
    expect(made.map(({ hour, rows }) => [hour.getTime(), Number(rows)])).toEqual([
      [hours(3).getTime(), 2],
      [hours(2).getTime(), 1],
      [hours(1).getTime(), 2],
    ]);
    expect(await sql`select * from public.seal_audit()`).toHaveLength(0);
    expect(await problems(sql)).toEqual([]);
    expect((await verify(sql)).at(-1)?.hash).toBe(head);
    await sql`select public.ensure_partitions()`;
    expect(await problems(sql)).toEqual([]);
  });

  test("start with the latest hour", async () => {
    const sql = await migrated();
    await add(sql, { recorded_at: within(3) });
    const made = await Promise.all(
      Array.from({ length: 3 }, () => sql<{ hour: Date }[]>`select * from public.seal_audit()`),
    );
    expect(made.flat().map(({ hour }) => hour.getTime())).toEqual([hours(1).getTime()]);
  });

  test.each([
    [
      "changed",
      (sql: postgres.Sql, id: string) => sql`update public.mcp_invocations set result = 'x' where id = ${id}`,
    ],
    ["removed", (sql: postgres.Sql, id: string) => sql`delete from public.mcp_invocations where id = ${id}`],
    ["added", (sql: postgres.Sql) => add(sql, { recorded_at: within(2) })],
  ])("name the hour of one row that was %s", async (problem, tamper) => {
    const { sql, rows } = await sealed();
    await tamper(sql, rows[2] ?? "");
    expect(await problems(sql)).toEqual([[hours(2).getTime(), problem]]);
  });

  test("reveal that one of them was replaced, removed or cut off", async () => {
    const { sql, rows, head } = await sealed();
    await sql`delete from public.mcp_invocations where id = ${rows[2] ?? ""}`;
    await sql`update smarteros.audit_seals set parts = smarteros.seal_parts(hour),
      hash = smarteros.seal_hash(previous, hour, smarteros.seal_parts(hour)) where hour = ${hours(2)}`;
    expect(await problems(sql)).toEqual([[hours(1).getTime(), "broken"]]);
    await sql`delete from smarteros.audit_seals where hour = ${hours(2)}`;
    expect(await problems(sql)).toEqual([[hours(1).getTime(), "missing"]]);
    await sql`delete from smarteros.audit_seals where hour >= ${hours(2)}`;
    expect(await problems(sql)).toEqual([]);
    expect((await verify(sql)).map(({ hash }) => hash)).not.toContain(head);
  });

  test("stay valid when retention drops a day, and reveal rows deleted by hand", async () => {
    const { sql, rows } = await sealed();
    await sql`select public.ensure_partitions()`;
    expect(await drop(sql)).toMatchObject({ partitions: 1 });
    expect(await problems(sql)).toEqual([]);
    await sql`delete from public.mcp_invocations where id = ${rows[0] ?? ""}`;
    expect(await problems(sql)).toEqual([[hours(3).getTime(), "removed"]]);
  });
});
