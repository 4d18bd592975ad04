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

/** Starts an HTTP server that records its requests and whose response a test changes with `become`. */
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

/** Creates a listener that sends the same response to every request. */
export function answer(
  status: number,
  body: unknown = "",
  headers: Record<string, string> = {},
): RequestListener {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (_request, response) => void response.writeHead(status, headers).end(text);
}

/** Creates a listener that delays the response by milliseconds. */
export function late(milliseconds: number, then: RequestListener): RequestListener {
  return (request, response) => void setTimeout(() => then(request, response), milliseconds);
}

/** Returns a monitor's log without alert lines, which other tests on the same database cause. */
export const logOf = ({ err }: { err: string }) => err.replaceAll(/^\[ALERT.*\n/gm, "");

/** The web app's ping response when all is ok. */
export const goodPing = answer(200, { ok: true, service: "mcp", version: "0.2.0" });

/** Starts a TCP proxy of the embedded Supabase that can refuse connections (`cut`) or leave requests unanswered (`mute`). */
export async function supabaseWire() {
  const target = Number(new URL(inject("embedded").supabaseUrl).port);
  const sockets = new Set<Socket>();
  let isMute = false;
  /** Receives the bytes that are sent to the database. */
  let onData: ((chunk: Buffer) => void) | undefined;
  const server = createTcpServer((socket) => {
    const far = connect(target, "127.0.0.1");
    for (const end of [socket, far]) {
      sockets.add(end);
      end.on("error", () => undefined).on("close", () => sockets.delete(end));
    }
    // The API checks the Host header.
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
    async restore() {
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

/** Creates a folder that is removed when the test ends. */
export function freshFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-monitor-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Returns the environment of a monitor that probes only the embedded project. */
export function monitorEnvironment(bufferFile = path.join(freshFolder(), "buffer.ndjson")) {
  const { supabaseUrl, secretKey } = inject("embedded");
  return {
    SMARTEROS_IDENTITY: "local",
    // The first monitor that runs delivers the notifications of all tests.
    ALERT_ALLOW_INTERNAL: "true",
    NEXT_PUBLIC_SUPABASE_URL: supabaseUrl,
    SUPABASE_SERVICE_ROLE_KEY: secretKey,
    MONITOR_BUFFER_FILE: bufferFile,
  };
}

/** Starts the real program with only the given environment. */
export function startMonitor(args: string[], environment: Record<string, string>, folder = root) {
  return startProgram(
    [process.execPath, path.join(root, "apps/monitor/src/main.ts"), ...args],
    environment,
    folder,
  );
}

/** Starts a program and collects its output. */
export function startProgram(
  [command = "", ...args]: string[],
  environment: Record<string, string>,
  folder = root,
) {
  const child = spawn(command, args, {
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
export function runMonitor(args: string[], environment: Record<string, string>, folder?: string) {
  return startMonitor(args, environment, folder).ended;
}

/** Reads the stored rows, all or those with the given ids, in the order of the statements that stored them. */
export async function storedRows(ids?: string[]): Promise<HealthRow[]> {
  const sql = postgres(inject("embedded").superuserUrl, { max: 1 });
  try {
    return await sql<HealthRow[]>`
      select * from external_health ${ids ? sql`where id in ${sql(ids)}` : sql``} order by xmin::text::bigint, created_at`;
  } finally {
    await sql.end();
  }
}
