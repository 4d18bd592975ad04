import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { inject, onTestFinished } from "vitest";
import type { HealthRow } from "./health-row.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A far side of the network that a test changes while it runs, and that tells what came. */
export async function farSide(initial: RequestListener) {
  const state = { respond: initial };
  const seen: { line: string; headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    state.respond(request, response);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url, seen, become: (respond: RequestListener) => Object.assign(state, { respond }) };
}

/** Answers every request alike. */
export function answer(
  status: number,
  body: unknown = "",
  headers: Record<string, string> = {},
): RequestListener {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (_request, response) => void response.writeHead(status, headers).end(text);
}

/** Answers after a time, in milliseconds. */
export function late(milliseconds: number, then: RequestListener): RequestListener {
  return (request, response) => void setTimeout(() => then(request, response), milliseconds);
}

/** What a monitor logged but for alerts: those are of what other tests do to the same database. */
export const logOf = ({ err }: { err: string }) => err.replaceAll(/^\[ALERT.*\n/gm, "");

/** What the web app's ping says when all is well. */
export const goodPing = answer(200, { ok: true, service: "mcp", version: "0.2.0" });

/** The embedded Supabase behind a wire that can be cut: connections are refused while it is down, or never answered. */
export async function supabaseWire() {
  const target = Number(new URL(inject("embedded").supabaseUrl).port);
  const sockets = new Set<Socket>();
  let isMute = false;
  /** Bytes that went to the database since the test last looked. */
  let onData: ((chunk: Buffer) => void) | undefined;
  const server = createTcpServer((socket) => {
    const far = connect(target, "127.0.0.1");
    for (const end of [socket, far]) {
      sockets.add(end);
      end.on("error", () => undefined).on("close", () => sockets.delete(end));
    }
    // The door checks the Host that it is called by.
    socket.on("data", (chunk) => {
      onData?.(chunk);
      const text = chunk.toString("latin1").replace(/^(host: 127\.0\.0\.1:)\d+/im, `$1${target}`);
      if (!isMute) far.write(text, "latin1");
    });
    far.pipe(socket);
    socket.on("close", () => far.destroy());
  });
  const port = await listen(server);
  const cut = async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(cut);
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    async mend() {
      isMute = false;
      await listen(server, port);
    },
    mute() {
      isMute = true;
    },
    watch(listener: (chunk: Buffer) => void) {
      onData = listener;
    },
  };
}

async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A folder that is this test's own and goes with it. */
export function freshFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-monitor-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment of a monitor that looks at the embedded project and at nothing else. */
export function monitorEnvironment(spillFile = path.join(freshFolder(), "spill.ndjson")) {
  const { supabaseUrl, secretKey } = inject("embedded");
  return {
    SMARTEROS_IDENTITY: "local",
    // Whichever test's monitor comes first tells the targets of all.
    ALERT_ALLOW_INTERNAL: "true",
    NEXT_PUBLIC_SUPABASE_URL: supabaseUrl,
    SUPABASE_SERVICE_ROLE_KEY: secretKey,
    MONITOR_SPILL_FILE: spillFile,
  };
}

/** Starts the real program with nothing but the given environment. */
export function startMonitor(words: string[], environment: Record<string, string>, folder = root) {
  return startProgram(
    [process.execPath, path.join(root, "apps/monitor/src/main.ts"), ...words],
    environment,
    folder,
  );
}

/** Starts a program and collects what it says. */
export function startProgram(
  [command = "", ...words]: string[],
  environment: Record<string, string>,
  folder = root,
) {
  const child = spawn(command, words, {
    cwd: folder,
    env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close").then(([code, signal]) => ({ code: code ?? signal, ...said }));
  return { said, ended, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

/** Runs the real program to its end. */
export function runMonitor(words: string[], environment: Record<string, string>, folder?: string) {
  return startMonitor(words, environment, folder).ended;
}

/** The stored rows, of those ids or all, in the order of the statements that stored them. */
export async function storedRows(ids?: string[]): Promise<HealthRow[]> {
  const sql = postgres(inject("embedded").superuserUrl, { max: 1 });
  try {
    return await sql<HealthRow[]>`
      select * from external_health ${ids ? sql`where id in ${sql(ids)}` : sql``} order by xmin::text::bigint, created_at`;
  } finally {
    await sql.end();
  }
}
