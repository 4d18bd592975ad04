import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { AlreadyRunningError } from "./database.ts";
import { readEmbedded } from "./env.ts";
import { freePort } from "./port.ts";
import { type Stack, startSupabase } from "./stack.ts";

const webOrigin = "http://127.0.0.1:3000";
let folder: string;
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), "smarteros-stack-")), "data");
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

async function start(
  options: { restPort?: number; maxRows?: number | undefined; log?: (line: string) => void } = {},
): Promise<Stack> {
  const stack = await startSupabase({
    ...readEmbedded(),
    dataDirectory: folder,
    webOrigin,
    log: () => undefined,
    ...options,
  });
  onTestFinished(() => stack.stop());
  return stack;
}

async function statusOf({ supabaseUrl, secretKey }: Stack): Promise<number | undefined> {
  const url = `${supabaseUrl}/rest/v1/tenants?limit=1`;
  return (await fetch(url, { headers: { apikey: secretKey } }).catch(() => undefined))?.status;
}

/** Lists the processes of this test's folder by their command line, and the REST API among our children. */
function processes(pattern: string): number[] {
  try {
    return execFileSync("pgrep", ["-f", pattern], { encoding: "utf8" }).trim().split("\n").map(Number);
  } catch {
    return [];
  }
}
const servers = () =>
  processes("apps/local/src/rest-server.ts").filter((pid) => parentOf(pid) === process.pid);
const parentOf = (pid: number) =>
  Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

test("never exposes its secrets and persists over restarts", async () => {
  const first = await start();
  const { publishableKey, secretKey, signingKey, superuserUrl, postgresUrl } = first;
  expect(publishableKey).toMatch(/^sb_publishable_/);
  expect(secretKey).toMatch(/^sb_secret_/);

  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder)) expect(statSync(path.join(folder, name)).mode & 0o077).toBe(0);
  const secrets = [
    secretKey,
    signingKey.d ?? "",
    ...[superuserUrl, postgresUrl].map((url) => new URL(url).password),
  ];
  for (const pid of [...processes(folder), ...servers()]) {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    for (const secret of secrets) expect(commandLine).not.toContain(secret);
  }

  await first.stop();
  expect(processes(folder)).toEqual([]);
  expect(servers()).toEqual([]);
  for (const name of ["postgres.log", "secrets.json"]) expect(readdirSync(folder)).toContain(name);
  const log = readFileSync(path.join(folder, "postgres.log"), "utf8");
  for (const secret of secrets) expect(log).not.toContain(secret);

  const second = await start();
  expect(second).toMatchObject({ publishableKey, secretKey, signingKey });
  expect(await statusOf(second)).toBe(200);
});

test("the second of two concurrent starts reports that the stack already runs", async () => {
  const outcomes = await Promise.allSettled([start(), start()]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const refused = outcomes.find((outcome) => outcome.status === "rejected");
  expect(refused?.reason).toBeInstanceOf(AlreadyRunningError);
  const running = outcomes.find((outcome) => outcome.status === "fulfilled");
  expect(running && (await statusOf(running.value))).toBe(200);
});

test("a port in use is one clear failure that leaves no process running", async () => {
  const restPort = await freePort();
  const other = createServer().listen(restPort, "127.0.0.1");
  onTestFinished(() => void other.close());
  await expect(start({ restPort })).rejects.toThrow(`127.0.0.1:${restPort}`);
  expect(processes(folder)).toEqual([]);
  other.close();
  expect(await statusOf(await start({ restPort }))).toBe(200);
});

test("the REST API is restarted on its port when it dies, and the restart is logged", async () => {
  const lines: string[] = [];
  const stack = await start({ log: (line) => lines.push(line) });
  const [server] = servers();
  process.kill(server ?? 0, "SIGKILL");
  await vi.waitFor(async () => expect(await statusOf(stack)).toBe(200), { timeout: 10_000, interval: 50 });
  expect(servers()).not.toContain(server);
  expect(lines).toEqual([expect.stringContaining("REST API stopped")]);
});

test("a burst of first requests gets responses and grants nothing", async () => {
  const stack = await start();
  const database = postgres(stack.superuserUrl, { max: 1 });
  onTestFinished(() => database.end());
  const grants =
    () => database`select relname, relacl::text from pg_class union all select nspname, nspacl::text from pg_namespace
    union all select defaclnamespace::text, defaclacl::text from pg_default_acl order by 1, 2`;
  const before = await grants();
  const statuses = await Promise.all(Array.from({ length: 40 }, () => statusOf(stack)));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(await grants()).toEqual(before);
});

test("a REST API that keeps crashing is not restarted any more", async () => {
  const stack = await start();
  let reason: string | undefined;
  stack.failed.then((message) => {
    reason = message;
  });
  await vi.waitFor(
    () => {
      for (const server of servers()) process.kill(server, "SIGKILL");
      expect(reason).toMatch(/REST API/);
    },
    { timeout: 20_000, interval: 400 },
  );
});

test("requests succeed again after their backends were terminated", async () => {
  const stack = await start();
  const database = postgres(stack.superuserUrl, { max: 1 });
  const load = Array.from({ length: 40 }, () => statusOf(stack));
  await database`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'`;
  await database.end();
  await Promise.all(load);
  await vi.waitFor(async () => expect(await statusOf(stack)).toBe(200), { timeout: 10_000, interval: 50 });
});

test("reports when Postgres is gone", async () => {
  const stack = await start();
  const [postmaster] = readFileSync(path.join(folder, "postgres/postmaster.pid"), "utf8").split("\n");
  process.kill(Number(postmaster), "SIGKILL");
  expect(await stack.failed).toContain("Postgres died");
});

test("a data directory of an earlier version gets the settings of a hosted project's roles", async () => {
  const first = await start();
  const earlier = postgres(first.superuserUrl, { max: 1 });
  await earlier.unsafe(`
    alter role authenticator inherit; alter role authenticator reset all; alter role anon reset all;
    alter schema auth owner to supabase_admin; alter role authenticated reset all;
    revoke authenticator from postgres`);
  await earlier.end();
  await first.stop();

  const second = await start();
  const database = postgres(second.superuserUrl, { max: 1 });
  onTestFinished(() => database.end());
  expect(
    await database`select rolname, rolinherit, rolconfig from pg_roles
      where rolname in ('anon', 'authenticated', 'authenticator', 'service_role') order by 1`,
  ).toEqual([
    { rolname: "anon", rolinherit: false, rolconfig: ["statement_timeout=3s"] },
    { rolname: "authenticated", rolinherit: false, rolconfig: ["statement_timeout=8s"] },
    { rolname: "authenticator", rolinherit: false, rolconfig: ["statement_timeout=8s", "lock_timeout=8s"] },
    { rolname: "service_role", rolinherit: false, rolconfig: null },
  ]);
  expect(
    await database`select nspowner::regrole::text as owner from pg_namespace where nspname = 'auth'`,
  ).toEqual([{ owner: "supabase_auth_admin" }]);
  expect(await statusOf(second)).toBe(200);
});

test("a response has at most 1000 rows, or maxRows, without notice of the others", async () => {
  const rowsOf = async ({ supabaseUrl, secretKey }: Stack, path: string) => {
    const response = await fetch(`${supabaseUrl}/rest/v1/${path}`, { headers: { apikey: secretKey } });
    const rows: unknown = await response.json();
    expect([response.status, rows]).toEqual([200, expect.any(Array)]);
    return (rows as unknown[]).length;
  };
  const paths = [
    "many?order=id",
    "many?limit=1100",
    "many?limit=20",
    "rpc/count_up",
    "rpc/count_up?limit=1100",
  ];
  const counts = async (stack: Stack) => Promise.all(paths.map((path) => rowsOf(stack, path)));

  const first = await start({ maxRows: 50 });
  const database = postgres(first.postgresUrl, { max: 1 });
  await database.unsafe(`
    create table public.many as select id from generate_series(1, 1200) as id;
    grant select on public.many to service_role;
    create function public.count_up() returns setof int language sql stable as
      $$ select generate_series(1, 1200) $$;
    grant execute on function public.count_up to service_role`);
  await database.end();
  await vi.waitFor(async () => expect(await counts(first)).toEqual([50, 50, 20, 50, 50]), 5000);
  await first.stop();
  expect(await counts(await start({ maxRows: undefined }))).toEqual([1000, 1000, 20, 1000, 1000]);
});

test("refuses a folder that holds other files", async () => {
  mkdirSync(folder);
  writeFileSync(path.join(folder, "thesis.txt"), "");
  await expect(start()).rejects.toThrow("thesis.txt");
  expect(readdirSync(folder)).toEqual(["thesis.txt"]);
});
