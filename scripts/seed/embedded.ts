import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { freePort } from "../../apps/local/src/port.ts";
import { sharing, type Target, userOf } from "./target.ts";

const root = path.join(import.meta.dirname, "../..");

/**
 * Starts the embedded default as `npm start` does, in a temporary folder and on free ports, and removes everything at
 * the end.
 */
export async function startEmbedded(): Promise<Target> {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-seed-"));
  const ports = [await freePort(), await freePort(), await freePort()];
  const [web, supabase, backend] = ports.map((port) => `http://127.0.0.1:${port}`) as [
    string,
    string,
    string,
  ];
  const child = spawn(process.execPath, [path.join(root, "apps/local/src/main.ts")], {
    env: {
      ...process.env,
      SMARTEROS_DATA_DIR: folder,
      WEB_PORT: String(ports[0]),
      SUPABASE_PORT: String(ports[1]),
      BACKEND_PORT: String(ports[2]),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      log += chunk;
    });
  const ended = once(child, "exit");
  const { undo, ...shared } = sharing();
  let sql: ReturnType<typeof postgres> | undefined;
  async function stop(): Promise<void> {
    await undo().catch((error: Error) => console.error(error.message));
    await sql?.end();
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    while (!log.includes("SmarterOS MCP is running")) {
      await sleep(100);
      if (child.exitCode !== null) throw new Error(`The embedded default did not start:\n${log}`);
    }
    const secrets = JSON.parse(readFileSync(path.join(folder, "secrets.json"), "utf8"));
    const port = readFileSync(path.join(folder, "postgres/postmaster.pid"), "utf8").split("\n")[3];
    sql = postgres(`postgres://postgres:${secrets.passwords.postgres}@127.0.0.1:${port}/postgres`, {
      max: 2,
    });
    const [user, secondUser, spare, limited] = await Promise.all(
      ["operator-a", "operator-b", "support", "viewer"].map((name) => localToken(supabase, name)),
    );
    return {
      ...shared,
      url: web,
      user: userOf(web, user ?? ""),
      spareUser: userOf(web, spare ?? ""),
      mayWrite: true,
      sql,
      embedded: {
        log: () => log,
        settings: {
          supabaseUrl: supabase,
          publishableKey: secrets.publishableKey,
          secretKey: secrets.secretKey,
          backendUrl: backend,
          folder,
        },
        tokenOf: (name) => localToken(supabase, name),
        secondUser: userOf(web, secondUser ?? ""),
        limitedUser: userOf(web, limited ?? "", { waits: false }),
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function localToken(supabaseUrl: string, user: string): Promise<string> {
  const response = await fetch(`${supabaseUrl}/identity/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user }),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}
