import { rm, writeFile } from "node:fs/promises";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../src/connect.ts";
import { databaseTypes, schemaFile } from "../src/generated.ts";
import { migrate } from "../src/index.ts";
import { readMigrations } from "../src/migrations.ts";
import { embedded, sqlState } from "./embedded.ts";
import { copyOfMigrations, newDatabase } from "./scratch.ts";

// On one connection, because the file opens its transaction itself.
async function applySchemaFile(url: string) {
  const sql = connect(url);
  await sql
    .unsafe(await schemaFile())
    .simple()
    .finally(() => sql.end());
}

const names = async () => (await readMigrations()).map(({ name }) => name);

test("an empty database gets them all, and the second time none", async () => {
  const { url } = await newDatabase();
  expect(await migrate({ url })).toEqual(await names());
  expect(await migrate({ url })).toEqual([]);
});

test("two at the same moment apply each once", async () => {
  const { url } = await newDatabase();
  const [one, other] = await Promise.all([migrate({ url }), migrate({ url })]);
  expect([...one, ...other].sort()).toEqual(await names());
});

test("an edited migration is refused by name, with nothing applied after it", async () => {
  const { url, sql } = await newDatabase();
  await migrate({ url });
  const folder = await copyOfMigrations();
  await writeFile(new URL("0002_tenants.sql", folder), "-- edited", { flag: "a" });
  await writeFile(new URL("9999_later.sql", folder), "create table public.later ();");
  await expect(migrate({ url, folder })).rejects.toThrow(
    "migration 0002_tenants was edited after it was applied: restore it and write a new one",
  );
  expect(await sql`select to_regclass('public.later') as later`).toEqual([{ later: null }]);
});

test("the REST API is notified to read the schema again, also without an event trigger", async () => {
  const { url } = await newDatabase();
  const listener = postgres(url, { max: 1, onnotice: () => undefined });
  onTestFinished(() => listener.end());
  const heard: string[] = [];
  await listener.listen("pgrst", (payload) => heard.push(payload));
  await migrate({ url });
  await expect.poll(() => heard).toContain("reload schema");
});

test("other line ends are no edit", async () => {
  const { url } = await newDatabase();
  await migrate({ url });
  const folder = await copyOfMigrations();
  for (const { name, text } of await readMigrations()) {
    await writeFile(new URL(`${name}.sql`, folder), text.replaceAll("\n", "\r\n"));
  }
  expect(await migrate({ url, folder })).toEqual([]);
});

test("a missing migration is refused by name", async () => {
  const { url } = await newDatabase();
  await migrate({ url });
  const folder = await copyOfMigrations();
  await rm(new URL("0001_foundation.sql", folder));
  await expect(migrate({ url, folder })).rejects.toThrow(
    "migration 0001_foundation is applied to this database",
  );
});

test("a failing migration leaves nothing of itself, and those before it stay", async () => {
  const { url, sql } = await newDatabase();
  const folder = await copyOfMigrations();
  await writeFile(new URL("9998_half.sql", folder), "create table public.half ();\nselect 1 / 0;");
  await expect(migrate({ url, folder })).rejects.toThrow(
    "migration 9998_half failed and was rolled back: division by zero (22012)",
  );
  expect(await sql`select to_regclass('public.half') as half`).toEqual([{ half: null }]);
  expect(await migrate({ url })).toEqual([]);
});

test("a badly named file and a number used twice are refused", async () => {
  const folder = await copyOfMigrations();
  await writeFile(new URL("0002_again.sql", folder), "");
  await expect(readMigrations(folder)).rejects.toThrow("two migrations have the number 0002");
  await writeFile(new URL("later.sql", folder), "");
  await expect(readMigrations(folder)).rejects.toThrow(
    "migration later.sql is not named like 0001_subject.sql",
  );
});

test("schema.sql makes the same database, and migrate then has nothing to do", async () => {
  const { url, sql } = await newDatabase();
  await applySchemaFile(url);
  const migrated = await newDatabase();
  await migrate({ url: migrated.url });
  expect(await migrate({ url })).toEqual([]);
  expect(await databaseTypes(sql)).toBe(await databaseTypes(migrated.sql));
  const recorded = (database: typeof sql) =>
    database`select version, name, sha256 from smarteros.migrations order by 1`;
  expect([...(await recorded(sql))]).toEqual([...(await recorded(migrated.sql))]);
  expect(await sqlState(applySchemaFile(url))).toBeDefined();
});

test("only the owner reads what is applied", async () => {
  const { url, sql } = await newDatabase();
  await migrate({ url });
  for (const role of ["anon", "authenticated", "service_role", "smarteros_fn"]) {
    const read = sql.begin(async (transaction) => {
      await transaction`select set_config('role', ${role}, true)`;
      await transaction`select from smarteros.migrations`;
    });
    expect(await sqlState(read)).toBe("42501");
  }
});

test("a URL that is none is refused without being repeated", async () => {
  const secret = new URL(embedded.postgresUrl).password;
  for (const url of [`mysql://x:${secret}@127.0.0.1/x`, `postgres//${secret}`, secret]) {
    const error = await migrate({ url }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Error);
    expect(String((error as Error).stack) + JSON.stringify(error)).not.toContain(secret);
  }
});
