import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { decodeJwt } from "jose";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { isAlive } from "./process-table.ts";

const fixture = fileURLToPath(new URL("supervisor.fixture.ts", import.meta.url));
const source = path.dirname(fixture);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "smarteros-supervisor-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

type Running = { supervisor: ChildProcess; urls: string[]; output: () => string; family: number[] };

async function start(): Promise<Running> {
  vi.stubEnv("UNRELATED_SECRET", "hunter2");
  const supervisor = spawn(process.execPath, [fixture, folder], { detached: true });
  onTestFinished(() => void supervisor.kill("SIGKILL"));
  let text = "";
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream.on("data", (chunk) => {
      text += chunk;
    });
  const ready = await vi.waitFor(
    () => {
      const match = /^ready (\S+) (\S+)/m.exec(text);
      if (!match) throw new Error(text);
      return match;
    },
    { timeout: 20_000, interval: 20 },
  );
  const family = descendants(supervisor.pid ?? 0);
  // Both programs with a child each, the REST API, Postgres, and three guards.
  expect(family.length).toBeGreaterThanOrEqual(9);
  return { supervisor, urls: ready.slice(1), output: () => text, family };
}

function descendants(pid: number): number[] {
  const text = execFileSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = text
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const childrenOf = (parent: number): number[] =>
    rows.flatMap(([child = 0, of]) => (of === parent ? [child, ...childrenOf(child)] : []));
  return childrenOf(pid);
}

const allGone = (pids: number[]) => vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), 10_000);

test("stops everything in order on a signal and prefixes each line with its program", async () => {
  const { supervisor, output, family } = await start();
  const postmaster = path.join(folder, "postgres/postmaster.pid");
  expect(existsSync(postmaster)).toBe(true);
  supervisor.kill("SIGINT");
  // One Ctrl-C that npm forwards arrives twice.
  supervisor.kill("SIGINT");
  expect(await once(supervisor, "exit")).toEqual([0, null]);
  await allGone(family);
  expect(existsSync(postmaster)).toBe(false);
  expect(existsSync(path.join(folder, "running.json"))).toBe(false);
  const order = output()
    .split("\n")
    .filter((line) => line.endsWith("asked to stop"));
  expect(order).toEqual(["second | asked to stop", "first | asked to stop"]);
});

test("passes a program only its own settings", async () => {
  const { urls } = await start();
  const environment = (await (await fetch(urls[0] ?? "")).json()) as Record<string, string>;
  expect(environment).toHaveProperty("PATH");
  expect(environment).toHaveProperty("PORT");
  expect(JSON.stringify(environment)).not.toContain("hunter2");
});

test("a program's crash is reported with its name and last lines and stops the others", async () => {
  const { supervisor, urls, output, family } = await start();
  await fetch(`${urls[1]}crash`).catch(() => undefined);
  expect(await once(supervisor, "exit")).toEqual([1, null]);
  expect(output()).toMatch(/^second ended \(exit code 3\)\. Its last lines:\npid \d+\nthe reason$/m);
  await allGone(family);
});

test("a crash of Postgres stops the others", async () => {
  const { supervisor, output, family } = await start();
  process.kill(
    Number.parseInt(readFileSync(path.join(folder, "postgres/postmaster.pid"), "utf8"), 10),
    "SIGKILL",
  );
  expect(await once(supervisor, "exit")).toEqual([1, null]);
  expect(output()).toContain("Postgres died");
  await allGone(family);
});

test("no process survives a killed supervisor, and the next one starts", async () => {
  const first = await start();
  first.supervisor.kill("SIGKILL");
  await allGone(first.family);
  await start();
});

test("a second signal ends it and its programs immediately", async () => {
  const { supervisor, family } = await start();
  // A suspended process does not end on SIGTERM, so stopping takes long.
  const server =
    family.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("rest-server.ts")) ?? 0;
  process.kill(server, "SIGSTOP");
  supervisor.kill("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 700));
  supervisor.kill("SIGTERM");
  expect(await once(supervisor, "exit")).toEqual([130, null]);
  process.kill(server, "SIGCONT");
  await allGone(family);
});

test("a token is issued for the running stack", async () => {
  expect(token("operator-a")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("npm start"),
  });
  await start();
  const { code, stdout } = token("operator-a");
  expect(code).toBe(0);
  expect(decodeJwt(stdout.trim())).toMatchObject({ sub: "user_operator_a" });
  expect(token("root")).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("operator-b") });
});

test("a reset removes the data, except while a supervisor runs", async () => {
  const { supervisor } = await start();
  expect(run("reset.ts")).toMatchObject({ code: 1, stderr: expect.stringContaining("running") });
  expect(existsSync(path.join(folder, "secrets.json"))).toBe(true);
  supervisor.kill("SIGTERM");
  await once(supervisor, "exit");
  expect(run("reset.ts")).toMatchObject({ code: 0 });
  expect(existsSync(folder)).toBe(false);
});

const token = (user: string) => run("token.ts", user);

function run(name: string, ...args: string[]): { code: number; stdout: string; stderr: string } {
  const environment = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    SMARTEROS_DATA_DIR: folder,
  };
  try {
    const stdout = execFileSync(process.execPath, [path.join(source, name), ...args], {
      env: environment,
      encoding: "utf8",
      stdio: "pipe",
    });
    return { code: 0, stdout, stderr: "" };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, stdout, stderr };
  }
}
