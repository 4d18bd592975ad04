import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { migrate } from "../src/index.ts";
import { readSource } from "../src/source.ts";
import { catalogOf } from "./catalog.ts";
import { newDatabase, runFile, type Scratch } from "./scratch.ts";

// schema-0021.sql is the unchanged generated schema of the last release with the earlier numbers.
async function earlierDatabase(): Promise<Scratch> {
  const database = await newDatabase();
  await runFile(database.url, await readFile(new URL("upgrade/schema-0021.sql", import.meta.url), "utf8"));
  return database;
}

test("a database at the last of the earlier migrations becomes equal to a new one, by the catalog", async () => {
  const [earlier, fresh] = [await earlierDatabase(), await newDatabase()];
  const later = (await readSource()).migrations.map(({ name }) => name).filter((name) => name > "0011");
  expect(await migrate(earlier)).toMatchObject({ migrations: later });
  await migrate(fresh);
  expect(await catalogOf(earlier.sql)).toEqual(await catalogOf(fresh.sql));
  expect(await migrate(earlier)).toEqual({ migrations: [], definitions: [] });
});

test("its rows stay", async () => {
  const { url, sql } = await earlierDatabase();
  await sql`insert into public.tenants (rut, business_name, clerk_user_id) values ('76086428-5', 'Uno', 'user_1')`;
  await sql`insert into public.workers (id) values ('worker')`;
  await sql`insert into public.mcp_invocations (user_id, tool, duration_ms, door, created_at)
    select 'user_1', 'tenants.list', 1, 'http', now() - make_interval(days => days) from generate_series(0, 20) days`;
  await sql`insert into public.mcp_held_invocations (user_id, tool, duration_ms, door) values ('user_1', 'x', 1, 'http')`;
  // The lease of a task takes the place of a column of workers.
  const rows = (events: string, workers: string, transport: string) =>
    sql.unsafe(`
    select (select jsonb_agg(t) from public.tenants t) as tenants,
      (select jsonb_agg(e) from public.${events} e) as events, (select jsonb_agg(to_jsonb(w) - 'recovered_at') from public.${workers} w) as workers,
      (select jsonb_agg(to_jsonb(i) - '${transport}' || jsonb_build_object('transport', i.${transport}) order by i.created_at)
        from public.mcp_invocations i) as calls,
      (select jsonb_agg(to_jsonb(h) - '${transport}') from public.mcp_held_invocations h) as held`);
  const before = [...(await rows("events", "workers", "door"))];
  await migrate({ url });
  expect([...(await rows("tenant_events", "provision_workers", "transport"))]).toEqual(before);
  expect(before[0]?.calls).toHaveLength(21);
});

test("a database between two of them is refused by the name of the last, and stays as it is", async () => {
  const { url, sql } = await earlierDatabase();
  await sql`delete from smarteros.migrations where version > '0018'`;
  const before = await catalogOf(sql);
  await expect(migrate({ url })).rejects.toThrow(
    "this database is at migration 0018_self_reports of an earlier release: apply that release up to 0021_roles first",
  );
  expect(await catalogOf(sql)).toEqual(before);
});
