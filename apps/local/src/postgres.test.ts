import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { readEmbedded } from "./env.ts";
import { freePort } from "./port.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import { readPidFile } from "./postmaster.ts";
import { exists, isAlive } from "./process-table.ts";

const superuserPassword = "only-for-this-test";
let folder: string;
let cluster: string;

beforeEach(() => {
  // mkdtemp creates it with mode 0700, as home directories often have.
  folder = mkdtempSync(path.join(tmpdir(), "smarteros postgres "));
  cluster = path.join(folder, "postgres");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<Postgres & { query(text: string): Promise<readonly unknown[]> }> {
  const port = await freePort();
  const running = await startPostgres({
    folder,
    port,
    superuserPassword,
    version: readEmbedded().postgresVersion,
  });
  onTestFinished(() => running.stop());
  return { ...running, query: (text) => query(port, text) };
}

async function query(port: number, text: string): Promise<readonly unknown[]> {
  const url = `postgres://supabase_admin:${superuserPassword}@127.0.0.1:${port}/postgres`;
  const database = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await database.unsafe(text);
  } finally {
    await database.end();
  }
}

/** Starts a process that starts Postgres and then waits, optionally as another user. */
async function startElsewhere({
  prefix = [],
  isReady = true,
}: {
  prefix?: string[];
  isReady?: boolean;
} = {}): Promise<{ starter: ChildProcess; port: number }> {
  const port = await freePort();
  const fixture = fileURLToPath(new URL("postgres.fixture.ts", import.meta.url));
  const [program = "", ...args] = [
    ...prefix,
    process.execPath,
    fixture,
    folder,
    String(port),
    superuserPassword,
  ];
  const starter = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void starter.kill("SIGKILL"));
  if (!isReady) return { starter, port };
  const [output] = await Promise.race([
    once(starter.stdout, "data"),
    once(starter, "exit").then(() => ["ended"]),
  ]);
  expect(String(output)).toBe("ready\n");
  return { starter, port };
}

const gone = (pid: number) => vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);

test("persists its data over restarts and requires the password", async () => {
  const first = await start();
  await first.query("create table stored (id int); insert into stored values (1)");
  await first.stop();
  expect(existsSync(path.join(cluster, "postmaster.pid"))).toBe(false);

  const second = await start();
  expect(await second.query("select id from stored")).toEqual([{ id: 1 }]);
  expect(await second.query("show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  expect(await second.query("show unix_socket_directories")).toEqual([{ unix_socket_directories: "" }]);
  expect(statSync(cluster).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder, "postgres.log")).mode & 0o777).toBe(0o600);

  const port = Number(execFileSync("sed", ["-n", "4p", path.join(cluster, "postmaster.pid")]));
  const wrongPassword = postgres(`postgres://supabase_admin:guessed@127.0.0.1:${port}/postgres`, { max: 1 });
  await expect(wrongPassword`select 1`).rejects.toMatchObject({ code: "28P01" });
  await wrongPassword.end();
});

test("receives none of the user's environment", async () => {
  vi.stubEnv("PGDATA", "/nonexistent");
  vi.stubEnv("LD_LIBRARY_PATH", "/nonexistent");
  const { pid } = await start();
  const names = readFileSync(`/proc/${pid}/environ`, "utf8")
    .split("\0")
    .map((entry) => entry.split("=")[0]);
  expect(names.filter(Boolean).toSorted()).toEqual(["LC_ALL", "PATH", "TZ"]);
});

test("a killed first start leaves no incomplete cluster", async () => {
  const { starter } = await startElsewhere({ isReady: false });
  await vi.waitFor(() => expect(readdirSync(folder).join()).toContain(".init"), {
    timeout: 20_000,
    interval: 5,
  });
  starter.kill("SIGKILL");
  const { query } = await start();
  expect(await query("select 1 as one")).toEqual([{ one: 1 }]);
  expect(readdirSync(folder).toSorted()).toEqual(["postgres", "postgres.log"]);
});

describe("after a kill -9", () => {
  test("of Postgres it reports that and restarts", async () => {
    const first = await start();
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    const second = await start();
    expect(await second.query("select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("of Postgres with a busy backend, the next start waits for the backend", async () => {
    const first = await start();
    // A sleeping backend would notice that the postmaster is gone; a computing one does not.
    first
      .query(
        "do $$ declare t timestamptz := clock_timestamp(); begin while clock_timestamp() < t + interval '3 s' loop end loop; end $$",
      )
      .catch(() => undefined);
    await vi.waitFor(
      async () =>
        expect(
          await first.query("select from pg_stat_activity where state = 'active' and query like 'do %'"),
        ).toHaveLength(1),
      { timeout: 10_000, interval: 20 },
    );
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    const second = await start();
    expect(await second.query("select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("of the starter, its guard stops Postgres", async () => {
    const { starter } = await startElsewhere();
    const pid = readPidFile(cluster)?.pid ?? 0;
    expect(isAlive(pid)).toBe(true);
    starter.kill("SIGKILL");
    await gone(pid);
  });

  test("of the starter and its guard, the next start stops the remaining Postgres", async () => {
    const { starter } = await startElsewhere();
    const guard = Number(execFileSync("pgrep", ["-P", String(starter.pid), "sh"], { encoding: "utf8" }));
    process.kill(guard, "SIGKILL");
    starter.kill("SIGKILL");
    const leftover = readPidFile(cluster)?.pid ?? 0;
    const { pid, query } = await start();
    expect(isAlive(leftover)).toBe(false);
    expect(pid).not.toBe(leftover);
    expect(await query("select 1 as one")).toEqual([{ one: 1 }]);
  });
});

test("a pid file that names another program is removed, and that program keeps running", async () => {
  await (await start()).stop();
  const bystander = spawn("sleep", ["60"]);
  onTestFinished(() => void bystander.kill());
  writeFileSync(path.join(cluster, "postmaster.pid"), `${bystander.pid}\n${cluster}\n1\n1\n\n127.0.0.1\n`);
  const { query } = await start();
  expect(await query("select 1 as one")).toEqual([{ one: 1 }]);
  expect(exists(bystander.pid ?? 0)).toBe(true);
});

describe.runIf(process.getuid?.() === 0)("as another user", () => {
  test.each([
    ["one with a name", 1],
    ["a uid that nobody knows", 54_321],
  ])("%s", async (_name, userId) => {
    chownSync(folder, userId, userId);
    const { starter, port } = await startElsewhere({
      prefix: ["setpriv", `--reuid=${userId}`, `--regid=${userId}`, "--clear-groups", "--"],
    });
    expect(await query(port, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(statSync(cluster).uid).toBe(userId);
    const pid = readPidFile(cluster)?.pid ?? 0;
    starter.kill("SIGKILL");
    await gone(pid);
  });

  test("nobody, where user namespaces are forbidden", async () => {
    forbidNamespaces();
    const { pid, query } = await start();
    expect(await query("select 1 as one")).toEqual([{ one: 1 }]);
    expect(statSync(`/proc/${pid}`).uid).toBe(65_534);
  });

  test("nobody, who cannot enter the folder: one line says what to do", async () => {
    forbidNamespaces();
    const outer = folder;
    folder = path.join(outer, "data");
    mkdirSync(folder, { mode: 0o700 });
    await expect(start()).rejects.toThrow(/^Postgres cannot run as root.*another user.*$/);
    folder = outer;
  });
});

// Installs a program of that name that fails, as the kernel does in many containers.
function forbidNamespaces(): void {
  const programs = mkdtempSync(path.join(tmpdir(), "smarteros-programs-"));
  onTestFinished(() => rmSync(programs, { recursive: true }));
  symlinkSync("/bin/false", path.join(programs, "unshare"));
  vi.stubEnv("PATH", `${programs}:${process.env.PATH}`);
}
