import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../apps/local/src/port.ts";
import { startPostgres } from "../apps/local/src/postgres.ts";

// Runs the contract test of n8n's connector against a real n8n, which it installs from npm once and starts on a Postgres of
// its own. CLI arguments are passed to vitest. Needs 3 GB of disk and some minutes, so that it is a nightly job.

const version = "2.41.1";
const root = path.join(import.meta.dirname, "..");
const program = path.join(root, `.tools/n8n-${version}`);
const test = "packages/connectors/src/n8n/connector.real.test.ts";
const startMs = 300_000;
/** Prefixes of the scopes that docs/connectors.md names for the key. */
const scopesOfKey = ["workflow:", "workflowTags:", "tag:", "project:"];

install();
process.exitCode = await withN8n(({ url, apiKey }) => {
  const command = ["exec", "vitest", "run", test, ...process.argv.slice(2)];
  const env = { ...process.env, N8N_URL: url, N8N_API_KEY: apiKey };
  return spawnSync("pnpm", command, { cwd: root, stdio: "inherit", env }).status ?? 1;
});

/** Installs n8n into `.tools`. Its install scripts compile drivers that are not used here. Throws one line when npm fails. */
function install(): void {
  if (existsSync(path.join(program, "installed"))) return;
  console.log(`Installing n8n ${version} from npm …`);
  rmSync(program, { recursive: true, force: true });
  mkdirSync(program, { recursive: true });
  const manifest = { private: true, dependencies: { n8n: version } };
  writeFileSync(path.join(program, "package.json"), JSON.stringify(manifest));
  const args = ["install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--no-package-lock"];
  const { status, stderr } = spawnSync("npm", args, { cwd: program, encoding: "utf8" });
  if (status !== 0) throw new Error(`n8n ${version} could not be installed: ${stderr.trim().split("\n")[0]}`);
  writeFileSync(path.join(program, "installed"), "");
}

/** Starts Postgres and n8n in a temporary folder, runs `work` with an API key, and stops and deletes everything. */
async function withN8n(work: (at: { url: string; apiKey: string }) => number): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "real-n8n-"));
  const [port, brokerPort, postgresPort] = [await freePort(), await freePort(), await freePort()];
  const superuserPassword = crypto.randomUUID();
  const postgres = await startPostgres({ folder, port: postgresPort, superuserPassword });
  const url = `http://127.0.0.1:${port}`;
  const log = path.join(folder, "n8n.log");
  const n8n = start(log, {
    N8N_USER_FOLDER: folder,
    N8N_LISTEN_ADDRESS: "127.0.0.1",
    N8N_PORT: `${port}`,
    N8N_RUNNERS_BROKER_PORT: `${brokerPort}`,
    DB_TYPE: "postgresdb",
    DB_POSTGRESDB_HOST: "127.0.0.1",
    DB_POSTGRESDB_PORT: `${postgresPort}`,
    DB_POSTGRESDB_DATABASE: "postgres",
    DB_POSTGRESDB_USER: "supabase_admin",
    DB_POSTGRESDB_PASSWORD: superuserPassword,
    N8N_DIAGNOSTICS_ENABLED: "false",
    N8N_VERSION_NOTIFICATIONS_ENABLED: "false",
    N8N_TEMPLATES_ENABLED: "false",
    N8N_COMMUNITY_PACKAGES_ENABLED: "false",
    // They call n8n's servers, or need what is not installed.
    N8N_DISABLED_MODULES: "mcp-registry,instance-ai,chat-hub",
  });
  try {
    await becomesReady(url, n8n);
    return work({ url, apiKey: await createKey(url) });
  } catch (thrown) {
    console.error(readFileSync(log, "utf8").trimEnd().split("\n").slice(-30).join("\n"));
    throw thrown;
  } finally {
    await stop(n8n);
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function start(log: string, settings: Record<string, string>): ChildProcess {
  const output = openSync(log, "a", 0o600);
  const { PATH, HOME } = process.env;
  try {
    return spawn(process.execPath, [path.join(program, "node_modules/n8n/bin/n8n"), "start"], {
      env: { PATH, HOME, ...settings },
      stdio: ["ignore", output, output],
    });
  } finally {
    closeSync(output);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 30_000);
  await ended;
  clearTimeout(late);
}

/** Waits until n8n has migrated its database and serves its API. */
async function becomesReady(url: string, child: ChildProcess): Promise<void> {
  const started = performance.now();
  for (;;) {
    const responses = await Promise.all(
      ["/healthz/readiness", "/rest/settings"].map((route) => fetch(url + route).catch(() => undefined)),
    );
    if (responses.every((response) => response?.ok)) break;
    if (child.exitCode !== null) throw new Error(`n8n ended with the exit code ${child.exitCode}.`);
    if (performance.now() - started > startMs) throw new Error(`n8n did not start in ${startMs / 1_000} s.`);
    await sleep(500);
  }
  console.log(`n8n ${version} started in ${Math.round((performance.now() - started) / 1_000)} s at ${url}`);
}

/** Creates the owner and a key with the scopes that the connector needs, by the API of n8n's own pages. */
async function createKey(url: string): Promise<string> {
  const owner = {
    email: "owner@example.test",
    firstName: "Test",
    lastName: "Owner",
    password: "Of-the-tests-1",
  };
  const cookie = (await send(`${url}/rest/owner/setup`, owner)).headers.get("set-cookie")?.split(";", 1)[0];
  const headers = { cookie: cookie ?? "" };
  const known: { data: string[] } = await (await fetch(`${url}/rest/api-keys/scopes`, { headers })).json();
  const scopes = known.data.filter((scope) => scopesOfKey.some((prefix) => scope.startsWith(prefix)));
  const response = await send(`${url}/rest/api-keys`, { label: "tests", expiresAt: null, scopes }, headers);
  const made: { data: { rawApiKey: string } } = await response.json();
  return made.data.rawApiKey;
}

async function send(url: string, json: object, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(json),
  });
  if (!response.ok) throw new Error(`${url} responded ${response.status}: ${await response.text()}`);
  return response;
}
