import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSupabase } from "@smarteros/local/stack";
import { randomRut } from "@smarteros/tools-tenants/testing";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import getPort from "get-port";
import { importJWK } from "jose";
import { poster } from "./http-load.ts";
import { compare, interleaved } from "./measure.ts";
import { startNext } from "./next-server.ts";
import { args } from "./no-op.ts";
import { sessionToken } from "./session-token.ts";
import { type Size, sized } from "./size.ts";

const folder = (name: string) => path.join(import.meta.dirname, "../..", name);
const call = JSON.stringify({ name: "bench.noop", args });

/** Compares the HTTP transport with a no-op tool to an empty route and to Clerk's middleware, on one server. */
export async function http(size: Size) {
  const port = await getPort();
  const origin = `http://localhost:${port}`;
  const issuer = "https://example.clerk.accounts.dev";
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const server = await startNext(folder("bench/clerk-app"), port, "/api/empty", {
    BENCH_ORIGIN: origin,
    BENCH_ISSUER: issuer,
    BENCH_JWT_KEY: publicKey.export({ type: "spki", format: "pem" }).toString(),
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from("example.clerk.accounts.dev$").toString("base64")}`,
    CLERK_SECRET_KEY: "sk_test_ofnoaccountatall",
  });
  try {
    const token = await sessionToken(privateKey, { iss: issuer, azp: origin, sub: "user_bench" });
    const headers = { Authorization: `Bearer ${token}` };
    const [ours, empty, floor, clerk] = ["ours", "empty", "floor", "clerk"].map((name) =>
      poster(`${origin}/api/${name}`, headers, call),
    );
    if (!ours || !empty || !floor || !clerk) throw new Error("unreachable");
    const load = (target: typeof ours) => () => target.throughput(sized(size, 1_000, 32), 16);
    const higher = (atLeast: number) => ({ better: "higher", atLeast, of: "ratio" }) as const;
    return [
      compare(
        "web: tool call",
        "calls/s",
        await interleaved(sized(size, 9, 1), load(ours), load(empty)),
        "an empty Next route",
        higher(0.7),
      ),
      compare(
        "web: tool call",
        "calls/s",
        await interleaved(sized(size, 9, 1), load(ours), load(clerk)),
        "clerkMiddleware + auth()",
        higher(2),
      ),
      compare(
        "web: tool call",
        "calls/s",
        await interleaved(sized(size, 9, 1), load(ours), load(floor)),
        "a Next route that reads and answers JSON",
        higher(0.7),
      ),
    ];
  } finally {
    await server.stop();
  }
}

/**
 * Compares `tenants.list` through the web app with the same select by supabase-js, and with the audit log on and off.
 */
export async function list(size: Size) {
  const calls = sized(size, 100, 10);
  const dataDirectory = mkdtempSync(path.join(tmpdir(), "smarteros-bench-"));
  const [onPort, offPort] = [await getPort(), await getPort()];
  const [on, off] = [`http://localhost:${onPort}`, `http://localhost:${offPort}`];
  const stack = await startSupabase({ dataDirectory, webOrigin: on, log: () => undefined });
  const environment = {
    SMARTEROS_IDENTITY: "local",
    MCP_ENABLED: "true",
    MCP_RATE_LIMIT: "100000",
    CLERK_AUTHORIZED_PARTIES: on,
    NEXT_PUBLIC_SUPABASE_URL: stack.supabaseUrl,
    NEXT_PUBLIC_SUPABASE_ANON_KEY: stack.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: stack.secretKey,
  };
  const servers = [
    await startNext(folder("web"), onPort, "/api/mcp/ping", { ...environment, MCP_LOG_DB: "true" }),
    await startNext(folder("web"), offPort, "/api/mcp/ping", environment),
  ];
  try {
    const key = await importJWK(stack.signingKey, "RS256");
    const token = await sessionToken(
      key,
      { iss: stack.issuer, azp: on, sub: "user_bench" },
      stack.signingKey.kid,
    );
    const headers = { Authorization: `Bearer ${token}` };
    const body = JSON.stringify({ name: "tenants.list", args: { limit: 20 } });
    const audited = poster(`${on}/api/mcp/tool`, headers, body);
    const plain = poster(`${off}/api/mcp/tool`, headers, body);
    const client = createClient(stack.supabaseUrl, stack.publishableKey, { accessToken: async () => token });
    await seed(client);
    const select = async () => {
      const figures: number[] = [];
      for (let index = 0; index < calls; index++) {
        const started = performance.now();
        const { error } = await client
          .from("tenants")
          .select("id,rut,business_name,services_enabled,active,created_at")
          .eq("active", true)
          .eq("clerk_user_id", "user_bench")
          .order("created_at", { ascending: false })
          .order("id", { ascending: false })
          .limit(21);
        if (error) throw new Error(error.message);
        figures.push(performance.now() - started);
      }
      return figures.toSorted((a, b) => a - b)[calls / 2] ?? Number.NaN;
    };
    const lower = (atMost: number) => ({ better: "lower", atMost, of: "ratio" }) as const;
    return [
      compare(
        "web: tenants.list p50",
        "ms",
        await interleaved(sized(size, 9, 1), () => plain.latency(calls), select),
        "the same select by supabase-js",
        lower(1.3),
      ),
      compare(
        "web: tenants.list p50, audited",
        "ms",
        await interleaved(
          sized(size, 9, 1),
          () => audited.latency(calls),
          () => plain.latency(calls),
        ),
        "without the audit log",
        lower(1.05),
      ),
    ];
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await stack.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

async function seed(client: SupabaseClient) {
  const creations = Array.from({ length: 20 }, (_, index) =>
    client.rpc("create_tenant", { p_rut: randomRut(), p_business_name: `Empresa ${index}` }),
  );
  for (const { error } of await Promise.all(creations)) if (error) throw new Error(error.message);
}
