import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { signSession } from "@smarteros/supabase/testing";
import { inject } from "vitest";
import { program } from "./connect.fixture.ts";

export { connect, program } from "./connect.fixture.ts";

export const embedded = inject("embedded");

/** The base settings of every server in the tests; nothing else of this process's environment reaches it. */
export const base = {
  MCP_ENABLED: "true",
  MCP_LOG_DB: "true",
  MCP_RATE_LIMIT: "100000",
  NEXT_PUBLIC_SUPABASE_URL: embedded.supabaseUrl,
  NEXT_PUBLIC_SUPABASE_ANON_KEY: embedded.publishableKey,
};
export const local = { ...base, SMARTEROS_IDENTITY: "local", SMARTEROS_LOCAL_USER: "operator-a" };

/** Signs a session token of any user as the local identity does for the web app. */
export const sessionToken = (sub: string, seconds = 300, claims: Record<string, unknown> = {}) =>
  signSession(embedded, sub, {
    seconds,
    claims: { sid: "sess_1", sts: "active", azp: "http://127.0.0.1:3000", ...claims },
  });

/** Starts the real program with plain pipes, to send what no client would send. */
export function launch(env: Record<string, string>, nodeOptions: string[] = []) {
  const child = spawn(process.execPath, [...nodeOptions, program], { env, stdio: "pipe" });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  child.stdin.on("error", () => undefined);
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    child,
    ended,
    send: (message: unknown) =>
      child.stdin.write(`${typeof message === "string" ? message : JSON.stringify(message)}\n`),
    lines: () => out.split("\n").filter(Boolean),
    log: () => err,
  };
}

export const initialize = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};
export const initialized = { jsonrpc: "2.0", method: "notifications/initialized" };
export const call = (id: number, name: string, args: object = {}) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

/**
 * Starts a proxy of the embedded project that never responds to lists of tenants, and counts waiting and aborted
 * requests.
 */
export async function slowProject() {
  const state = { waiting: 0, aborted: 0 };
  const upstream = new URL(embedded.supabaseUrl);
  const server = createServer((incoming, outgoing) => {
    if (incoming.url?.startsWith("/rest/v1/rpc/list_tenants")) {
      state.waiting += 1;
      outgoing.once("close", () => {
        state.aborted += 1;
      });
      return;
    }
    const headers = { ...incoming.headers, host: upstream.host };
    const onward = request(
      new URL(incoming.url ?? "/", upstream),
      { method: incoming.method, headers },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    state,
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
