import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { generatedFiles } from "../src/generated.ts";
import { embedded, owner } from "./embedded.ts";
import { newDatabase } from "./scratch.ts";

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

test("the generated files are fresh", async () => {
  for (const file of await generatedFiles(owner)) {
    expect(await readFile(file.url, "utf8"), `${file.name} is stale: npm run generate`).toBe(file.text);
  }
});

test("generate --check is content with them, and names what is stale", async () => {
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

test("db:apply says what it applied, then that everything is there", async () => {
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

test("db:apply stores the settings that SQL enforces, and refuses a wrong one before it changes anything", async () => {
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
