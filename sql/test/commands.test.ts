import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { generatedFiles } from "../src/generated.ts";
import { embedded, owner, superuser } from "./embedded.ts";
import { newDatabase, runFile } from "./scratch.ts";

const source = (file: string) => fileURLToPath(new URL(`../src/${file}`, import.meta.url));

function run(file: string, args: string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...environment,
    };
    execFile(process.execPath, [source(file), ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

test("the generated files are up to date", async () => {
  for (const file of await generatedFiles(owner)) {
    expect(await readFile(file.url, "utf8"), `${file.name} is stale: npm run generate`).toBe(file.text);
  }
});

test("generate --check accepts them, and names outdated ones", async () => {
  expect(await run("generate.ts", ["--check", "--url", embedded.postgresUrl])).toEqual({
    code: 0,
    output: "",
  });
  const { url } = await newDatabase();
  expect(await run("generate.ts", ["--check", "--url", url])).toEqual({
    code: 1,
    output: "stale: packages/supabase/src/database.types.ts; run `npm run generate`\n",
  });
});

test("db:apply prints what it applied, and the second time that nothing is missing", async () => {
  const { url } = await newDatabase();
  const first = await run("apply.ts", ["--url", url]);
  expect(first).toMatchObject({
    code: 0,
    output: expect.stringMatching(
      /^applied 0001_foundation\n(applied \w+\n)+applied \d+ views, functions and policies\n$/,
    ),
  });
  const second = await run("apply.ts", [], { DATABASE_URL: url });
  expect(second).toEqual({ code: 0, output: "the database is up to date\n" });
});

test("db:apply stores the settings that SQL enforces, and rejects an invalid one before any change", async () => {
  const { url, sql } = await newDatabase();
  const wrong = await run("apply.ts", ["--url", url], { SMARTEROS_ROLE_MAP: "owner:root" });
  expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining("SMARTEROS_ROLE_MAP") });
  expect(await sql`select from pg_namespace where nspname = 'smarteros'`).toHaveLength(0);
  const done = await run("apply.ts", ["--url", url], { DEFAULT_ROLE: "none", MAX_TENANTS_PER_OWNER: "3" });
  expect(done.output).toContain("stored the settings default_role, max_tenants_per_owner");
  expect([...(await sql`select name, value from smarteros.settings order by 1`)]).toEqual([
    { name: "default_role", value: "none" },
    { name: "max_tenants_per_owner", value: 3 },
  ]);
});

describe("db:apply on a database of 0.2", () => {
  const tables = readFile(new URL("upgrade/tables-0.2.sql", import.meta.url), "utf8");
  async function earlier() {
    const database = await newDatabase();
    await database.sql.unsafe(`
      create schema auth;
      create function auth.jwt() returns jsonb language sql stable as $$ select '{}'::jsonb $$`);
    await runFile(database.url, await tables);
    await database.sql`insert into public.tenants (rut, business_name, contact_email, clerk_user_id)
      values ('76.086.428-5', 'Uno', 'x', 'user_old'), ('abc', 'Dos', 'x', 'user_gone')`;
    return database;
  }

  test("--plan prints the changes, with Clerk's roles and owners, and changes nothing", async () => {
    const { url, sql } = await earlier();
    const api = await clerkWith([
      { id: "user_old", public_metadata: { role: "owner" } },
      { id: "user_2", public_metadata: {} },
    ]);
    const environment = { CLERK_SECRET_KEY: "sk_test_hunter2", CLERK_API_URL: api };
    const { code, output } = await run("apply.ts", ["--plan", "--url", url], environment);
    expect(output).toMatch(/^This changes nothing\. The database has tables of 0\.2\.\n/);
    expect(output).toContain("2 tenants: 1 become tenants (1 of them");
    expect(output).toMatch(/tenants: 1 by tenants_rut_valid: [0-9a-f-]{36}/);
    expect(output).toContain("service_role: insert on tenants");
    expect(output).toContain("! Refused until SMARTEROS_ROLE_MAP names them: owner");
    expect(output).toContain("✖ Nobody is admin");
    expect(output).toMatch(/no users of this Clerk instance.*:\n {2}user_gone\n/);
    expect(output).toContain("Make a backup first");
    expect(output).not.toContain("hunter2");
    expect(code).toBe(0);
    expect(await sql`select from pg_namespace where nspname = 'smarteros'`).toHaveLength(0);
  });

  test("applies with --owners, and --rollback restores it", async () => {
    const { url, sql } = await earlier();
    const folder = await mkdtemp(path.join(tmpdir(), "owners-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const owners = path.join(folder, "owners.csv");
    await writeFile(owners, "old,new\nuser_old,user_new\n");
    const applied = await run("apply.ts", ["--url", url, "--owners", owners]);
    expect(applied.output).toContain("took over 0.2: 1 tenants (1 changed to fit), 1 in review\n");
    expect([...(await sql`select clerk_user_id from public.tenants`)]).toEqual([
      { clerk_user_id: "user_new" },
    ]);
    const back = await run("apply.ts", ["--url", url, "--rollback"]);
    expect(back).toEqual({ code: 0, output: expect.stringMatching(/^the tables of 0\.2 are back/) });
    expect(await sql`select from public.tenants`).toHaveLength(2);
  });

  test.each([
    ["old,new\nuser_1\n", "line 2 is not a pair"],
    ["user_1,user_2\nuser_1,user_3", "line 2 names user_1 a second time"],
  ])("refuses owners such as %j before it begins", async (text, line) => {
    const folder = await mkdtemp(path.join(tmpdir(), "owners-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, "owners.csv"), text);
    const { code, output } = await run("apply.ts", [
      "--url",
      embedded.postgresUrl,
      "--owners",
      path.join(folder, "owners.csv"),
    ]);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(line) });
  });

  test("an interrupted connection is one line, and nothing was changed", async () => {
    const { url, sql } = await earlier();
    // Blocks it in the middle by locking this row.
    const holder = await sql.reserve();
    await holder`begin`;
    await holder`select from public.tenants for update`;
    const running = run("apply.ts", ["--url", url]);
    const waiting = () => superuser<{ pid: number }[]>`
      select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = ${new URL(url).pathname.slice(1)}`;
    await expect.poll(waiting, { timeout: 30_000 }).toHaveLength(1);
    const [{ pid } = { pid: 0 }] = await waiting();
    await superuser`select pg_terminate_backend(${pid})`;
    expect(await running).toEqual({
      code: 1,
      output: expect.stringMatching(/^db:apply: .*nothing was changed: run it again[^\n]*\n$/),
    });
    await holder`rollback`;
    holder.release();
    expect(await sql`select from pg_namespace where nspname like 'smarteros%'`).toHaveLength(0);
  });
});

/** Starts a server that responds like Clerk's list of users; resolves to its address. */
async function clerkWith(users: object[]): Promise<string> {
  const server = createServer((request, response) => {
    const isKnown =
      request.headers.authorization === "Bearer sk_test_hunter2" && request.url?.startsWith("/v1/users?");
    response.writeHead(isKnown ? 200 : 401, { "Content-Type": "application/json" });
    response.end(JSON.stringify(isKnown ? users : { errors: [] }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  ["no URL", undefined, /^usage: npm run db:apply -- --url/],
  [
    "a wrong password",
    (url: URL) => Object.assign(url, { password: "hunter2" }),
    /refused the user or the password/,
  ],
  ["nobody there", (url: URL) => Object.assign(url, { port: "1" }), /nothing answers/],
  ["no such database", (url: URL) => Object.assign(url, { pathname: "/hunter2" }), /does not exist/],
  ["TLS where there is none", (url: URL) => Object.assign(url, { search: "?sslmode=require" }), /TLS/],
  ["another protocol", (url: URL) => `mysql${url.href.slice("postgres".length)}`, /must be a postgres:/],
  ["no URL at all", () => "hunter2", /must be a postgres:/],
])("db:apply answers %s in one line, without the URL", async (_, change, line) => {
  const url = change?.(new URL(embedded.postgresUrl))?.toString();
  const { code, output } = await run("apply.ts", url ? ["--url", url] : []);
  expect(code).toBe(1);
  expect(output).toMatch(line);
  expect(output.trimEnd()).not.toContain("\n");
  for (const secret of ["hunter2", new URL(embedded.postgresUrl).password, "127.0.0.1"])
    expect(output).not.toContain(secret);
});
