import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import getPort from "get-port";

const folder = path.join(import.meta.dirname, "..");
const next = createRequire(path.join(folder, "package.json")).resolve("next/dist/bin/next");

/** What a test needs to know of a running web app; plain data, so that the set-up can hand it to the tests. */
export type RunningWeb = { url: string; logFile: string };
/** `stop` asks the process to end, makes it end after 10 s, and tells how it ended and what it had logged. */
export type WebServer = RunningWeb & { stop(): Promise<{ ending: string; log: string }> };
type Environment = Record<string, string>;

// Empty and not absent: `next start` would fill an absent one from a developer's .env file.
const nothingInherited: Environment & { NODE_ENV: "production" } = {
  ...Object.fromEntries(
    [
      "SMARTEROS_IDENTITY",
      "MCP_ENABLED",
      "MCP_LOG_DB",
      "MCP_RATE_LIMIT",
      "NEXT_PUBLIC_SUPABASE_URL",
      "NEXT_PUBLIC_SUPABASE_ANON_KEY",
      "SUPABASE_SERVICE_ROLE_KEY",
      "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
      "CLERK_SECRET_KEY",
      "CLERK_JWT_KEY",
      "CLERK_ISSUER",
      "CLERK_AUTHORIZED_PARTIES",
      "FASTAPI_URL",
      "VERCEL",
    ].map((name) => [name, ""]),
  ),
  NODE_ENV: "production",
  NEXT_TELEMETRY_DISABLED: "1",
  // The tests stand for the one proxy before it, so that each has addresses of its own.
  TRUSTED_PROXY_HOPS: "1",
};

/** Starts the built web app, on a free port or the given one; `environment` gets its origin and is all that the app is told. */
export async function startWeb(
  environment: (origin: string) => Environment,
  wantedPort?: number,
): Promise<WebServer> {
  if (!existsSync(path.join(folder, ".next/BUILD_ID"))) throw new Error("build first: npm run build");
  const port = wantedPort ?? (await getPort({ host: "127.0.0.1" }));
  const url = `http://127.0.0.1:${port}`;
  const logFile = path.join(mkdtempSync(path.join(tmpdir(), "smarteros-web-")), "log");
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", String(port)], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...nothingInherited,
      AUDIT_BUFFER_DIR: path.join(path.dirname(logFile), "audit"),
      ...environment(url),
    },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const exited = once(child, "exit").then(([code, signal]) => signal ?? `exit code ${code}`);
  const killed = () => child.kill("SIGKILL");
  process.once("exit", killed);
  let stopped: ReturnType<WebServer["stop"]> | undefined;
  const end = async () => {
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
    const ending = await exited;
    clearTimeout(force);
    process.off("exit", killed);
    const log = logOf({ url, logFile });
    rmSync(path.dirname(logFile), { recursive: true });
    return { ending, log };
  };
  await Promise.race([answers(`${url}/api/mcp/ping`), exited.then(neverStarted)]);
  return {
    url,
    logFile,
    stop: () => {
      stopped ??= end();
      return stopped;
    },
  };

  function neverStarted(ending: string): never {
    throw new Error(`next start ended (${ending}):\n${logOf({ url, logFile })}`);
  }
}

async function answers(url: string): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`No answer from ${url} within 30 s.`);
}

/** Everything that the web app has written to stdout and stderr so far. */
export function logOf({ logFile }: RunningWeb): string {
  return readFileSync(logFile, "utf8");
}
