import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSupabase } from "@smarteros/local/stack";
import getPort from "get-port";
import { importJWK } from "jose";
import { heapOf } from "./heap/heap-of.ts";
import { poster } from "./http-load.ts";
import { type Comparison, compare } from "./measure.ts";
import { startNext } from "./next-server.ts";
import { sessionToken } from "./session-token.ts";

const web = path.join(import.meta.dirname, "../../web");
const users = 40;

/** Compares the web app's heap after 20 000 and after 2 000 audited tool calls of forty users. */
export async function heap({ few = 2_000, many = 20_000 } = {}): Promise<Comparison[]> {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), "smarteros-bench-"));
  const [port, inspectorPort] = [await getPort(), await getPort({ host: "127.0.0.1" })];
  const origin = `http://localhost:${port}`;
  const stack = await startSupabase({ dataDirectory, webOrigin: origin, log: () => undefined });
  const server = await startNext(
    web,
    port,
    "/api/mcp/ping",
    {
      SMARTEROS_IDENTITY: "local",
      MCP_ENABLED: "true",
      MCP_LOG_DB: "true",
      MCP_RATE_LIMIT: "100000",
      AUDIT_BUFFER_DIR: path.join(dataDirectory, "audit"),
      CLERK_AUTHORIZED_PARTIES: origin,
      NEXT_PUBLIC_SUPABASE_URL: stack.supabaseUrl,
      NEXT_PUBLIC_SUPABASE_ANON_KEY: stack.publishableKey,
      SUPABASE_SERVICE_ROLE_KEY: stack.secretKey,
    },
    [`--inspect=127.0.0.1:${inspectorPort}`],
  );
  try {
    const key = await importJWK(stack.signingKey, "RS256");
    const body = JSON.stringify({ name: "tenants.list", args: { limit: 20 } });
    const callers = await Promise.all(
      Array.from({ length: users }, async (_, index) => {
        const claims = { iss: stack.issuer, azp: origin, sub: `user_bench_${index}` };
        const token = await sessionToken(key, claims, stack.signingKey.kid);
        return poster(`${origin}/api/mcp/tool`, { Authorization: `Bearer ${token}` }, body);
      }),
    );
    // Users in turn, four concurrent calls each.
    const call = async (count: number) => {
      for (const caller of callers) await caller.throughput(Math.ceil(count / users), 4);
    };
    await call(few);
    const after = await heapOf(inspectorPort);
    await call(many - few);
    const later = await heapOf(inspectorPort);
    for (const caller of callers) caller.close();
    return [
      compare(`web: heap after ${many} calls`, "MiB", [later, after], `after ${few}`, {
        better: "lower",
        atMost: 1.1,
        of: "ratio",
      }),
    ];
  } finally {
    await server.stop();
    await stack.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}
