import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import getPort from "get-port";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { settingNames as backendSettings } from "../apps/backend/src/env.ts";
import { settingNames as monitorSettings } from "../apps/monitor/src/env.ts";
import { bundle } from "./bundle.ts";

// Runs the bundles as the image does: only what the Dockerfile copies, only settings of the example file, another user.

type Service = {
  build: string;
  env_file: string;
  command: string[];
  stop_grace_period: string;
  environment: Record<string, string>;
  volumes?: string[];
  healthcheck?: { test: string[] };
};

const read = (file: string) => readFileSync(path.join(import.meta.dirname, file), "utf8");
const dockerfile = read("Dockerfile");
const { services }: { services: Record<"backend" | "monitor", Service> } = parse(read("compose.yaml"), {
  merge: true,
});
const settings = { backend: backendSettings, monitor: monitorSettings };
const programs = ["backend", "monitor"] as const;
const documented = [...read("smarteros.env.example").matchAll(/^#?([A-Z]\w*)=/gm)].map(([, name]) => name);
const copied = [...dockerfile.matchAll(/^COPY (.+) \.\/$/gm)].flatMap(([, files = ""]) => files.split(" "));

/** The seconds that the backend takes to stop at most: 6 for requests, 10 for its worker. */
const longestStop = 16;

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
/** The time for a start, in milliseconds; the backend first makes its tables. */
const started = { timeout: 50_000 };
const { supabaseUrl, secretKey, postgresUrl, superuserUrl } = inject("embedded");
const folder = mkdtempSync(path.join(tmpdir(), "smarteros-deploy-"));
const app = path.join(folder, "app");

beforeAll(async () => {
  await bundle(path.join(folder, "dist"));
  mkdirSync(app);
  for (const file of copied) cpSync(path.join(folder, file), path.join(app, path.basename(file)));
  if (!isRoot) return;
  for (const one of [folder, app, ...copied.map((file) => path.join(app, path.basename(file)))])
    chownSync(one, nobody, nobody);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program as its service in compose.yaml does, as nobody where this user may, and collects its `output`. */
function start(program: "backend" | "monitor", environment: Record<string, string>) {
  expect(documented).toEqual(expect.arrayContaining(Object.keys(environment)));
  const [, ...args] = services[program].command;
  const child = spawn(process.execPath, args, {
    cwd: app,
    env: environment,
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  });
  const state = { child, output: "", ended: once(child, "close") };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (state.output += chunk));
  onTestFinished(() => void child.kill("SIGKILL"));
  return state;
}

/** Runs the backend's health check of compose.yaml against another port; returns its exit code. */
function checkHealth(port: number): number | null {
  const [kind, node, ...args] = services.backend.healthcheck?.test ?? [];
  expect([kind, node]).toEqual(["CMD", "node"]);
  return spawnSync(
    process.execPath,
    args.map((argument) => argument.replace(":8000/", `:${port}/`)),
  ).status;
}

/** Queries the project as its superuser. */
async function query<Row extends object>(text: string): Promise<Row[]> {
  const sql = postgres(superuserUrl, { max: 1 });
  return [...(await sql.unsafe<Row[]>(text).finally(() => sql.end()))];
}

const project = { NEXT_PUBLIC_SUPABASE_URL: supabaseUrl, SUPABASE_SERVICE_ROLE_KEY: secretKey };

describe("a bundle, alone in a folder of another user", { timeout: 120_000 }, () => {
  test("backend: responds, reports its worker and stops with 0 at SIGTERM", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const backend = start("backend", {
      ...project,
      SMARTEROS_BACKEND_SECRET: "a secret for tests, of more than 32 characters",
      BACKEND_PORT: String(port),
      // A backend without a vendor takes no tasks.
      METABASE_URL: "http://127.0.0.1:9",
      METABASE_API_KEY: "mb_key",
      METABASE_TEMPLATE_DASHBOARD_ID: "1",
      DATABASE_URL: postgresUrl,
    });
    const health = () =>
      fetch(`http://127.0.0.1:${port}/health`).then(
        ({ status }) => status,
        () => backend.output,
      );
    await expect.poll(health, started).toBe(200);
    await expect.poll(() => query("select id from provision_workers"), started).toHaveLength(1);
    expect(checkHealth(port)).toBe(0);
    backend.child.kill("SIGTERM");
    expect(await backend.ended).toEqual([0, null]);
    expect(checkHealth(port)).toBe(1);
  });

  test("monitor: stores what it sees and stops with 0 at SIGTERM", async () => {
    const port = await getPort({ host: "127.0.0.1" });
    const { child, ended } = start("monitor", {
      ...project,
      FASTAPI_URL: `http://127.0.0.1:${port}`,
      MONITOR_BUFFER_FILE: path.join(app, "monitor.ndjson"),
    });
    await expect
      .poll(() => query("select service, status from external_health order by service"), started)
      .toEqual(
        expect.arrayContaining([
          { service: "backend", status: "error" },
          { service: "supabase", status: "ok" },
        ]),
      );
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});

describe("smarteros.env.example", () => {
  test("has every setting of the two programs that an operator may set, and no other", () => {
    // The environment's own, the former name of MONITOR_BUFFER_FILE, and what only `npm start` sets.
    const others = [
      "HOME",
      "XDG_STATE_HOME",
      "MONITOR_SPILL_FILE",
      "SMARTEROS_IDENTITY",
      "ALERT_ALLOW_INTERNAL",
    ];
    const known = [...new Set([...backendSettings, ...monitorSettings])];
    expect(documented.toSorted()).toEqual(known.filter((name) => !others.includes(name)).toSorted());
  });
});

describe("compose.yaml", () => {
  test.each(programs)("%s: names files that are there and settings that it reads", (program) => {
    const { build, env_file, command, environment } = services[program];
    expect(existsSync(path.join(import.meta.dirname, build, "Dockerfile"))).toBe(true);
    expect(existsSync(path.join(import.meta.dirname, `${env_file}.example`))).toBe(true);
    expect(copied).toContain(`dist/${command[1]}`);
    expect(settings[program]).toEqual(expect.arrayContaining(Object.keys(environment)));
  });

  test.each(programs)("%s: leaves more time to stop than it takes", (program) => {
    expect(services[program].stop_grace_period).toMatch(/^\d+s$/);
    expect(Number.parseInt(services[program].stop_grace_period, 10)).toBeGreaterThan(longestStop);
  });

  test("the monitor's buffer is in a volume that belongs to the image's user", () => {
    const { environment, volumes } = services.monitor;
    const target = volumes?.[0]?.split(":")[1] ?? "";
    expect(path.dirname(environment.MONITOR_BUFFER_FILE ?? "")).toBe(target);
    expect(dockerfile).toContain(`"-o", "node", "-g", "node", "${target}"`);
    expect(dockerfile).toMatch(/^USER node$/m);
  });
});

describe.each(programs)("systemd/smarteros-%s.service", (program) => {
  const name = `smarteros-${program}.service`;
  const unit = read(`systemd/${name}`);
  const settingOf = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(unit)?.[1];

  test.skipIf(spawnSync("systemd-analyze", ["--version"]).error)(
    "is valid for systemd-analyze, where there is one",
    () => {
      // Without Node where the unit has it, systemd would complain of that alone.
      const file = path.join(folder, name);
      writeFileSync(file, unit.replace("/usr/bin/node", process.execPath));
      const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
      expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: "" });
    },
  );

  test("starts the same bundle with the same arguments as compose.yaml, and leaves it time to stop", () => {
    const [node, bundled = "", ...args] = services[program].command;
    expect(settingOf("ExecStart")).toBe(["/usr/bin/node", `/opt/smarteros/${bundled}`, ...args].join(" "));
    expect(node).toBe("node");
    expect(settingOf("EnvironmentFile")).toBe("/etc/smarteros/smarteros.env");
    expect(Number(settingOf("TimeoutStopSec"))).toBeGreaterThan(longestStop);
    const set = [...unit.matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, name]) => name);
    expect([...settings[program], "NODE_ENV"]).toEqual(expect.arrayContaining(set));
  });
});
