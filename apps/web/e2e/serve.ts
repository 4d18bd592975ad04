import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { localEnvironment } from "../test/environments.ts";
import { startWeb, type WebServer } from "../test/web-server.ts";
import { startBackend } from "./backend.ts";

// Runs the embedded default for the browser's tests, and two more web apps on its database; leaves nothing behind.

const { env } = process;
const folder = env.SMARTEROS_DATA_DIR ?? "";
const mainOrigin = `http://127.0.0.1:${env.WEB_PORT}`;
const main = path.join(import.meta.dirname, "../../local/src/main.ts");
const child = spawn(process.execPath, [main], { stdio: "inherit" });
const ended = once(child, "exit");
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => child.kill(signal));

const webs: WebServer[] = [];
const backend = await startBackend(Number(env.E2E_BACKEND_PORT));
await Promise.race([answers(`${mainOrigin}/api/mcp/ping`), ended]);
if (child.exitCode === null) {
  const { publishableKey, secretKey } = JSON.parse(readFileSync(path.join(folder, "secrets.json"), "utf8"));
  const embedded = {
    supabaseUrl: `http://127.0.0.1:${env.SUPABASE_PORT}`,
    publishableKey,
    secretKey,
  };
  // One test looks at the pages of an owner with more tenants than one may have by default.
  const configured = await fetch(`${embedded.supabaseUrl}/rest/v1/rpc/configure`, {
    method: "POST",
    headers: { apikey: secretKey, "Content-Type": "application/json" },
    body: JSON.stringify({ p_settings: { max_tenants_per_owner: 100 } }),
  });
  if (!configured.ok) throw new Error(`configure answered ${configured.status}`);
  // A session of the main web app counts here too: cookies know no ports.
  const settings = (origin: string) => localEnvironment(embedded, `${mainOrigin},${origin}`);
  webs.push(
    await startWeb(
      (origin) => ({ ...settings(origin), FASTAPI_URL: backend.url }),
      Number(env.E2E_BACKED_PORT),
    ),
  );
  webs.push(
    await startWeb((origin) => ({ ...settings(origin), MCP_ENABLED: "no" }), Number(env.E2E_DISABLED_PORT)),
  );
}

const [code] = await ended;
await Promise.all([backend.stop(), ...webs.map((web) => web.stop())]);
rmSync(folder, { recursive: true, force: true });
process.exitCode = code ?? 1;

async function answers(url: string): Promise<void> {
  while (child.exitCode === null) {
    if ((await fetch(url).catch(() => undefined))?.ok) return;
    await sleep(100);
  }
}
