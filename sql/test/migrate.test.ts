import { readFile, rm, writeFile } from "node:fs/promises";
import postgres from "postgres";
import { describe, expect, onTestFinished, test } from "vitest";
import { schemaFile } from "../src/generated.ts";
import { migrate } from "../src/index.ts";
import { readSource } from "../src/source.ts";
import { catalogOf } from "./catalog.ts";
import { embedded, sqlState } from "./embedded.ts";
import { copyOfSource, newDatabase, runFile } from "./scratch.ts";

const applySchemaFile = async (url: string) => runFile(url, await schemaFile());

async function everything() {
  const { migrations, definitions } = await readSource();
  return {
    migrations: migrations.map(({ name }) => name),
    definitions: definitions.map(({ name }) => name),
  };
}

const nothing = { migrations: [], definitions: [] };

test("an empty database gets everything, and a second run applies nothing", async () => {
  const { url } = await newDatabase();
  expect(await migrate({ url })).toEqual(await everything());
  expect(await migrate({ url })).toEqual(nothing);
});

test("two concurrent runs apply everything once", async () => {
  const { url } = await newDatabase();
  const both = await Promise.all([migrate({ url }), migrate({ url })]);
  expect(both).toContainEqual(await everything());
  expect(both).toContainEqual(nothing);
});

test("an edited migration is refused by name, with nothing applied", async () => {
  const { url, sql } = await newDatabase();
  await migrate({ url });
  const source = await copyOfSource();
  await writeFile(new URL("migrations/0003_tenants.sql", source), "-- edited", { flag: "a" });
  await writeFile(new URL("migrations/9999_later.sql", source), "create table public.later ();");
  await expect(migrate({ url, source })).rejects.toThrow(
    "migration 0003_tenants was edited after it was applied: restore it and write a new one",
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

test("different line ends are no change", async () => {
  const { url } = await newDatabase();
  await migrate({ url });
  const source = await copyOfSource();
  const { migrations, definitions } = await readSource();
  for (const { file, text } of [
    ...migrations.map(({ name, text }) => ({ file: `migrations/${name}.sql`, text })),
    ...definitions.map(({ name, text }) => ({ file: `${name}.sql`, text })),
  ])
    await writeFile(new URL(file, source), text.replaceAll("\n", "\r\n"));
  expect(await migrate({ url, source })).toEqual(nothing);
});

test("a missing migration is refused by name", async () => {
  const { url } = await newDatabase();
  await migrate({ url });
  const source = await copyOfSource();
  await rm(new URL("migrations/0001_foundation.sql", source));
  await expect(migrate({ url, source })).rejects.toThrow(
    "migration 0001_foundation is applied to this database",
  );
});

test("a failing migration rolls the whole run back", async () => {
  const { url, sql } = await newDatabase();
  const source = await copyOfSource();
  await writeFile(new URL("migrations/9998_half.sql", source), "create table public.half ();\nselect 1 / 0;");
  await expect(migrate({ url, source })).rejects.toThrow(
    "migration 9998_half failed and everything was rolled back: division by zero (22012)",
  );
  expect(await sql`select to_regclass('public.half') as half, to_regnamespace('smarteros') as ours`).toEqual([
    { half: null, ours: null },
  ]);
  expect(await migrate({ url })).toEqual(await everything());
});

test("badly named files and a number used twice are refused", async () => {
  const source = await copyOfSource();
  await writeFile(new URL("migrations/0002_again.sql", source), "");
  await expect(readSource(source)).rejects.toThrow("two migrations have the number 0002");
  await writeFile(new URL("migrations/later.sql", source), "");
  await expect(readSource(source)).rejects.toThrow("migration later.sql is not named like 0001_subject.sql");
  const other = await copyOfSource();
  await writeFile(new URL("functions/Can-do.sql", other), "");
  await expect(readSource(other)).rejects.toThrow("functions/Can-do.sql is not named for what it defines");
});

describe("a changed definition", () => {
  async function changed(file: string, change: (text: string) => string) {
    const database = await newDatabase();
    await migrate(database);
    const source = await copyOfSource();
    const url = new URL(file, source);
    await writeFile(url, change(await readFile(url, "utf8")));
    return { ...database, source };
  }

  test.each([
    ["a function of the database's owner", "functions/can.sql", "smarteros.can(text)"],
    ["a function of smarteros_fn", "functions/create_tenant.sql", "public.create_tenant(text, text, jsonb)"],
    ["a trigger's function", "functions/write_tenant_events.sql", "smarteros.write_tenant_events()"],
  ])("is applied alone, with owner and privileges as before: %s", async (_, file, signature) => {
    const { sql, ...database } = await changed(file, (text) =>
      text.replace("begin\n", "begin\n  -- changed\n"),
    );
    const before = await catalogOf(sql);
    expect(await migrate(database)).toEqual({ migrations: [], definitions: [file.replace(".sql", "")] });
    const [{ source } = { source: "" }] = await sql<{ source: string }[]>`
      select prosrc as source from pg_proc where oid = ${signature}::regprocedure`;
    expect(source).toContain("-- changed");
    const withoutBodies = (lines: string[]) => lines.filter((line) => !line.startsWith("function "));
    expect(withoutBodies(await catalogOf(sql))).toEqual(withoutBodies(before));
    expect(await inherits(sql)).toBe(false);
  });

  test("replaces all policies of its table, and those that the file no longer has are gone", async () => {
    const { sql, ...database } = await changed("policies/settings.sql", (text) =>
      text.replace("revoke", "create policy later on smarteros.settings for select using (false);\n\nrevoke"),
    );
    const named = () => sql`select policyname from pg_policies where tablename = 'settings'`;
    await migrate(database);
    expect([...(await named())]).toEqual([{ policyname: "later" }]);
    await migrate({ url: database.url });
    expect([...(await named())]).toEqual([]);
  });

  test("may be a view with other columns", async () => {
    const { sql, ...database } = await changed("views/tenant_services.sql", (text) =>
      text.replace("  step.run_id,\n", ""),
    );
    await migrate(database);
    await expect(sql`select run_id from public.tenant_services`).rejects.toThrow("does not exist");
  });

  test("with a body that Postgres cannot read is refused by its file, and nothing changes", async () => {
    const { sql, ...database } = await changed("functions/list_tenants.sql", (text) =>
      text.replaceAll("t.created_at", "t.made_at"),
    );
    const before = await catalogOf(sql);
    await expect(migrate(database)).rejects.toThrow(
      /^functions\/list_tenants.sql failed and everything was rolled back: column t.made_at does not exist \(42703\)$/,
    );
    expect(await catalogOf(sql)).toEqual(before);
  });
});

test("each function has the file of its name, and each table its policies", async () => {
  const { url, sql } = await newDatabase();
  const { definitions } = await readSource();
  await migrate({ url });
  const subjects = (kind: string) =>
    definitions.filter((one) => one.kind === kind).map(({ subject }) => subject);
  // Constraints and later migrations call these.
  const inMigrations: string[] = ["add_vendor", "printable", "rut_ok", "trimmed"];
  const functions = await sql<{ name: string }[]>`
    select proname as name from pg_proc
    where pronamespace in ('public'::regnamespace, 'smarteros'::regnamespace) order by 1`;
  expect(functions.map(({ name }) => name)).toEqual([...subjects("functions"), ...inMigrations].sort());
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace in ('public'::regnamespace, 'smarteros'::regnamespace) and relkind in ('r', 'p')
      and not relispartition and relname not in ('migrations', 'definitions') order by 1`;
  expect(tables.map(({ name }) => name)).toEqual(subjects("policies").sort());
});

test("schema.sql creates the same database without duplicates, and migrate then applies nothing", async () => {
  const { url, sql } = await newDatabase();
  await applySchemaFile(url);
  const migrated = await newDatabase();
  await migrate({ url: migrated.url });
  expect(await migrate({ url })).toEqual(nothing);
  expect(await catalogOf(sql)).toEqual(await catalogOf(migrated.sql));
  const recorded = (database: typeof sql) => database`
    select name, sha256 from smarteros.migrations union all select name, sha256 from smarteros.definitions order by 1`;
  expect([...(await recorded(sql))]).toEqual([...(await recorded(migrated.sql))]);
  const made: string[] =
    (await schemaFile()).match(
      /^create (or replace )?(function|table|view|policy) (?!if not exists)[^ (]+/gm,
    ) ?? [];
  expect(made.filter((one, index) => made.indexOf(one) !== index)).toEqual([]);
  expect(await sqlState(applySchemaFile(url))).toBeDefined();
});

test("the seed's scripts/supabase-tables-mcp.sql is schema.sql", async () => {
  const read = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), "utf8");
  expect(await read("scripts/supabase-tables-mcp.sql")).toBe(await read("sql/schema.sql"));
});

async function inherits(sql: postgres.Sql): Promise<boolean> {
  const rows = await sql`
    select from pg_auth_members where roleid = 'smarteros_fn'::regrole and member = 'postgres'::regrole and inherit_option`;
  return rows.length > 0;
}

test("only the owner reads what is applied", async () => {
  const { url, sql } = await newDatabase();
  await migrate({ url });
  for (const role of ["anon", "authenticated", "service_role", "smarteros_fn"]) {
    const read = sql.begin(async (transaction) => {
      await transaction`select set_config('role', ${role}, true)`;
      await transaction`select from smarteros.migrations, smarteros.definitions`;
    });
    expect(await sqlState(read)).toBe("42501");
  }
});

test("an invalid URL is rejected without repeating it", async () => {
  const secret = new URL(embedded.postgresUrl).password;
  for (const url of [`mysql://x:${secret}@127.0.0.1/x`, `postgres//${secret}`, secret]) {
    const error = await migrate({ url }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Error);
    expect(String((error as Error).stack) + JSON.stringify(error)).not.toContain(secret);
  }
});
