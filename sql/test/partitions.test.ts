import type postgres from "postgres";
import { expect, test } from "vitest";
import { newMigratedDatabase } from "./scratch.ts";

async function migrated(): Promise<postgres.Sql> {
  const { sql } = await newMigratedDatabase();
  return sql;
}

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

async function add(sql: postgres.Sql, at: string) {
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms, created_at) values ('user', 'tool', 1, ${at})`;
}

async function partitions(sql: postgres.Sql): Promise<string[]> {
  const found = await sql<{ name: string }[]>`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'public.mcp_invocations'::regclass order by 1`;
  return found.map(({ name }) => name.replace("mcp_invocations_", ""));
}

const made = async (sql: postgres.Sql, daysAhead: number) =>
  (await sql<{ count: number }[]>`select public.ensure_partitions(${daysAhead}) as count`)[0]?.count;

const compact = (date: string) => date.replaceAll("-", "");

test("today and the coming days have partitions, created once", async () => {
  const sql = await migrated();
  const week = Array.from({ length: 8 }, (_, offset) => compact(day(offset)));
  expect(await partitions(sql)).toEqual([...week, "default"]);
  expect(await made(sql, 7)).toBe(0);
  expect(await made(sql, 9)).toBe(2);
});

test("a partition is a UTC day in any session time zone", async () => {
  const sql = await migrated();
  await sql.begin(async (transaction) => {
    await transaction`set local timezone = 'America/Santiago'`;
    await transaction`select public.ensure_partitions(8)`;
  });
  await add(sql, `${day(8)}T00:00:00Z`);
  await add(sql, `${day(8)}T23:59:59.999999Z`);
  const found = await sql`select distinct tableoid::regclass::text as partition from public.mcp_invocations`;
  expect([...found]).toEqual([{ partition: `smarteros.mcp_invocations_${compact(day(8))}` }]);
});

test("rows of the default partition move to their day, earlier days too", async () => {
  const sql = await migrated();
  const days = [-40, -1, 9, 10, 30].map(day);
  for (const date of days) {
    await add(sql, `${date}T00:00:00Z`);
    await add(sql, `${date}T23:59:59.999999Z`);
  }
  const before = await sql`select * from public.mcp_invocations order by created_at`;
  expect(await sql`select from smarteros.mcp_invocations_default`).toHaveLength(10);
  // Two earlier days, and the eighth to the tenth from now.
  expect(await made(sql, 10)).toBe(5);
  const found = await sql<{ partition: string; count: number }[]>`
    select replace(tableoid::regclass::text, 'smarteros.mcp_invocations_', '') as partition, count(*)::integer as count
    from public.mcp_invocations group by 1 order by min(created_at)`;
  expect([...found]).toEqual(
    days.map((date) => ({ partition: date === day(30) ? "default" : compact(date), count: 2 })),
  );
  expect([...(await sql`select * from public.mcp_invocations order by created_at`)]).toEqual([...before]);
});

test("concurrent calls create each day once, and no concurrent writer is refused", async () => {
  const sql = await migrated();
  const makers = Array.from({ length: 5 }, () => made(sql, 20));
  const writers = Array.from({ length: 60 }, (_, index) => add(sql, `${day(index % 20)}T12:00:00Z`));
  const counts = await Promise.all(makers);
  await Promise.all(writers);
  expect(counts.reduce((sum, count) => (sum ?? 0) + (count ?? 0), 0)).toBe(13);
  expect(await sql`select from public.mcp_invocations`).toHaveLength(60);
});

test("every partition forces row level security, grants nothing and has the table's indexes", async () => {
  const sql = await migrated();
  const found = await sql`
    select relname, relrowsecurity and relforcerowsecurity as forced,
      has_table_privilege('anon', oid, 'select,insert,update,delete,truncate')
        or has_table_privilege('authenticated', oid, 'select,insert,update,delete,truncate')
        or has_table_privilege('service_role', oid, 'select,insert,update,delete,truncate') as open,
      (select count(*)::integer from pg_index where indrelid = pg_class.oid) as indexes
    from pg_class where relnamespace = 'smarteros'::regnamespace and relispartition and relkind = 'r'`;
  expect(found).toHaveLength(9);
  expect(found.filter(({ forced, open, indexes }) => !forced || open || indexes !== 9)).toEqual([]);
});

test("a day has one partition however the default partition is reached, and the range is bounded", async () => {
  const sql = await migrated();
  await expect(made(sql, -1)).rejects.toMatchObject({ code: "23514" });
  await expect(made(sql, 367)).rejects.toMatchObject({ code: "23514" });
});

test("an old partition can be dropped", async () => {
  const sql = await migrated();
  await add(sql, `${day(-40)}T00:00:00Z`);
  await made(sql, 7);
  await sql.unsafe(`drop table smarteros.mcp_invocations_${compact(day(-40))}`);
  expect(await sql`select from public.mcp_invocations`).toHaveLength(0);
});

const stepped = async (sql: postgres.Sql, name: "move_default_rows" | "compact_partitions", rows: number) => {
  let steps = 0;
  for (let more = true; more; steps++) {
    [{ more } = { more: false }] = await sql<
      { more: boolean }[]
    >`select ${sql("public")}.${sql(name)}(${rows}) as more`;
  }
  return steps;
};

/** Records `count` calls spread over one day. */
const fill = (sql: postgres.Sql, date: string, count: number) => sql`
  insert into public.mcp_invocations (user_id, tool, duration_ms, created_at)
  select 'user', 'tool', n, ${date}::timestamptz + n * interval '24 hours' / ${count + 1} from generate_series(1, ${count}) n`;

const all = (sql: postgres.Sql) => sql`select * from public.mcp_invocations order by created_at, id`;

test("rows of the default partition move in steps, always visible once, with concurrent ones", async () => {
  const sql = await migrated();
  for (const date of [day(-3), day(-2), day(40)]) await fill(sql, date, 50);
  const seen = async () => (await all(sql)).length;
  const step = async () => (await sql`select public.move_default_rows(40) as more`)[0]?.more;
  expect(await step()).toBe(true);
  expect(await seen()).toBe(150);
  await add(sql, `${day(-3)}T00:00:00.5Z`);
  await add(sql, `${day(-5)}T12:00:00Z`);
  expect(await sql`select public.compact_partitions()`).toEqual([{ compact_partitions: true }]);
  while (await step()) expect(await seen()).toBe(152);
  expect(await seen()).toBe(152);
  const found =
    await sql`select replace(tableoid::regclass::text, 'smarteros.mcp_invocations_', '') as partition,
    count(*)::int as count from public.mcp_invocations group by 1 order by min(created_at)`;
  expect([...found]).toEqual([
    { partition: compact(day(-5)), count: 1 },
    { partition: compact(day(-3)), count: 51 },
    { partition: compact(day(-2)), count: 50 },
    { partition: "default", count: 50 },
  ]);
  expect(await sql`select from smarteros.partition_move`).toHaveLength(0);
});

/** Returns the Monday of a week that ended more than ninety days ago. */
function oldMonday(): Date {
  const date = new Date(Date.now() - 110 * 86_400_000);
  date.setUTCHours(0, 0, 0, 0);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date;
}

test("days of a week that ended ninety days ago are merged in steps without changing a row", async () => {
  const sql = await migrated();
  const monday = oldMonday();
  const dates = Array.from({ length: 9 }, (_, offset) =>
    new Date(monday.getTime() + (offset - 1) * 86_400_000).toISOString().slice(0, 10),
  );
  for (const date of dates) await fill(sql, date, 20);
  await stepped(sql, "move_default_rows", 1000);
  const before = await all(sql);
  const [first] = await sql`select public.compact_partitions(30) as more`;
  expect(first?.more).toBe(true);
  expect(await all(sql)).toHaveLength(180);
  await add(sql, `${dates[1]}T00:00:00.5Z`);
  expect(await stepped(sql, "compact_partitions", 30)).toBeGreaterThan(4);
  const names = await partitions(sql);
  expect(names).toContain(`${compact(dates[1] as string)}_week`);
  for (const date of dates.slice(1, 8)) expect(names).not.toContain(compact(date));
  const after = await all(sql);
  expect(after).toHaveLength(181);
  const ids = new Set(before.map(({ id }) => id));
  expect([...after].filter(({ id }) => ids.has(id))).toEqual([...before]);
  expect(await stepped(sql, "compact_partitions", 30)).toBe(1);
  // A late row still gets into its partition.
  await add(sql, `${dates[4]}T00:00:00.5Z`);
  expect(await sql`select from smarteros.mcp_invocations_default`).toHaveLength(0);
});

test("a move resumes after a crash in any step", async () => {
  const sql = await migrated();
  await fill(sql, day(-3), 60);
  for (let more = true; more; ) {
    const crashed = sql.begin(async (transaction) => {
      await transaction`select public.move_default_rows(25)`;
      throw new Error("crash");
    });
    await expect(crashed).rejects.toThrow("crash");
    [{ more } = { more: false }] = await sql<
      { more: boolean }[]
    >`select public.move_default_rows(25) as more`;
  }
  expect(await all(sql)).toHaveLength(60);
  expect(await partitions(sql)).toContain(compact(day(-3)));
});
