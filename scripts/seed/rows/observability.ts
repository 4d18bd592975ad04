import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { listedTenants } from "../demo-tenant.ts";
import { embeddedOf, type Row, row } from "../row.ts";
import { readRows } from "../tables.ts";
import type { Target } from "../target.ts";

const root = path.join(import.meta.dirname, "../../..");
const log = "the log of a deployment is read where it runs: it is checked on the embedded default";
const monitor = "it writes rows of health: it is checked on the embedded default";

/** Waits until the log has a line of an event with a request id. */
async function logged(target: Target, event: string, requestId: string | undefined) {
  const line = () =>
    embeddedOf(target)
      .log()
      .split("\n")
      .find((one) => one.includes(`[${event}]`) && one.includes(requestId ?? "no request"));
  for (let attempt = 0; attempt < 50 && line() === undefined; attempt += 1) {
    await sleep(200);
  }
  assert.ok(line(), `no line [${event}]`);
}

/** Runs one pass of the monitor on the embedded project as cron does; resolves to its exit code and output. */
export const monitorPass = (target: Target): Promise<{ code: number; printed: string }> =>
  target.once("pass of the monitor", () => runMonitor(target));

async function runMonitor(target: Target) {
  const { supabaseUrl, secretKey, backendUrl } = embeddedOf(target).settings;
  const child = spawn("pnpm", ["tsx", "scripts/monitor-backend.ts"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      SMARTEROS_IDENTITY: "local",
      NEXT_PUBLIC_SUPABASE_URL: supabaseUrl,
      SUPABASE_SERVICE_ROLE_KEY: secretKey,
      WEB_URL: target.url,
      FASTAPI_URL: backendUrl,
      MONITOR_BUFFER_FILE: path.join(embeddedOf(target).settings.folder, "monitor-buffer-of-seed.ndjson"),
    },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      printed += chunk;
    });
  const [code] = await once(child, "close");
  return { code: code as number, printed };
}

export const observabilityRows: Row[] = [
  row(
    "log-invocation",
    async (target) => {
      const { body } = await listedTenants(target);
      await logged(target, "MCP_INVOCATION", body.meta?.requestId);
    },
    { embedded: log },
  ),
  row(
    "log-invocation-error",
    async (target) => {
      const { body } = await target.user.call("tenants.get", { id: "none" });
      await logged(target, "MCP_INVOCATION_ERROR", body.meta?.requestId);
    },
    { embedded: log },
  ),
  row("log-database", async (target) => {
    const { body } = await listedTenants(target);
    const isStored = async () => {
      const { items = [] } = (await target.user.get("/api/mcp/invocations/recent")).body;
      return items.some(({ requestId }) => requestId === body.meta?.requestId);
    };
    for (let attempt = 0; attempt < 50; attempt += 1) {
      if (await isStored()) return;
      await sleep(200);
    }
    assert.fail("the call is not stored: is MCP_LOG_DB=true?");
  }),
  row(
    "health-table",
    async (target) => {
      await readRows(target, "external_health", ["service", "status", "latency_ms"]);
    },
    { tables: true },
  ),
  row(
    "monitor-script",
    async (target) => {
      const { code, printed } = await monitorPass(target);
      assert.equal(code, 0, printed);
      const rows = await readRows(target, "external_health", ["service", "status"]);
      for (const name of ["web", "supabase", "backend"])
        assert.ok(
          rows.some(({ service }) => service === name),
          `no row of ${name}`,
        );
    },
    { embedded: monitor },
  ),
];
