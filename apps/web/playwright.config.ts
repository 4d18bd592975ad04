import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "@playwright/test";
import getPort from "get-port";

// The whole embedded default as `npm start` runs it, on the last build, on ports and a data folder of its own. Workers
// read this file again, and find in the environment what the first reading chose.
const { env } = process;
env.WEB_PORT ??= String(await getPort({ host: "127.0.0.1" }));
env.SUPABASE_PORT ??= String(await getPort({ host: "127.0.0.1" }));
env.BACKEND_PORT ??= String(await getPort({ host: "127.0.0.1" }));
// Two more web apps on the same database: one before a backend in the tests' hands, one with the master switch off.
env.E2E_BACKED_PORT ??= String(await getPort({ host: "127.0.0.1" }));
env.E2E_BACKEND_PORT ??= String(await getPort({ host: "127.0.0.1" }));
env.E2E_DISABLED_PORT ??= String(await getPort({ host: "127.0.0.1" }));
// What a deleted tenant has at the vendors may be removed at once; the second web app keeps the 30 days.
env.DELETE_GRACE_DAYS ??= "0";
// A name and no folder: who reads this file for another reason must leave nothing behind.
env.SMARTEROS_DATA_DIR ??= path.join(tmpdir(), `smarteros-browser-${env.WEB_PORT}-${process.pid}`);

const baseURL = `http://127.0.0.1:${env.WEB_PORT}`;
// Debian's package where it is installed; else the one that `playwright install chromium` brought.
const debian = "/usr/bin/chromium";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  fullyParallel: true,
  // More than cores: some wait for a limit to end or for a worker.
  workers: 2,
  // Generous, because what runs beside a test takes its processor.
  timeout: 90_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: "list",
  use: {
    baseURL,
    locale: "es-CL",
    timezoneId: "America/Santiago",
    trace: "retain-on-failure",
    launchOptions: {
      ...(existsSync(debian) ? { executablePath: debian } : {}),
      args: [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
      ],
    },
  },
  webServer: {
    command: "node e2e/serve.ts",
    // The last one that it starts.
    url: `http://127.0.0.1:${env.E2E_DISABLED_PORT}/api/mcp/ping`,
    timeout: 60_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 15_000 },
  },
});
