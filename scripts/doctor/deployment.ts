import { createPublicKey, generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { importJWK, type JWK, SignJWT } from "jose";
import postgres from "postgres";
import { expect, inject, vi } from "vitest";
import { startBackend } from "../../apps/backend/src/backend.fixture.ts";
import { gateway, jsonAt, serve } from "./fake-services.ts";

const embedded = inject("embedded");
const secret = "kq2T0pZ7vXn4Jr9sLw6Yb1Ed8Gh3Mf5C";
const project = "abcdefghijklmnopqrst";

const origin = "https://app.smarterbot.test";
export const projectUrl = `https://${project}.supabase.co`;

export type Deployment = Awaited<ReturnType<typeof startDeployment>>;

/** Starts a correct deployment: Clerk, a project behind its gateway, a backend, a monitor and a worker. */
export async function startDeployment() {
  const sql = postgres(embedded.superuserUrl, { max: 1, connection: { TimeZone: "UTC" } });
  const foreign = foreignKey();
  const far = {
    supabase: await serve(gateway(embedded.supabaseUrl, [embedded.publishableKey, embedded.secretKey])),
    late: await serve(gateway(embedded.supabaseUrl, [embedded.publishableKey, embedded.secretKey], -90_000)),
    withoutSchema: await serve(jsonAt(404, { code: "PGRST202", message: "no function public.ping" })),
    failing: await serve(jsonAt(500, { code: "XX000", message: "hunter2 failed" })),
    website: await serve((_request, response) => void response.end("<!doctype html><h1>Welcome</h1>")),
    /** A Clerk instance that the Supabase project does not trust. */
    clerk: await serve(jsonAt(200, { keys: [publicHalf(foreign)] })),
    oldBackend: await serve((request, response) => {
      const paths = {
        "/health": { get: {} },
        "/validate": { post: {} },
        "/tenants/{tenant_id}": { get: {} },
      };
      jsonAt(200, request.url === "/openapi.json" ? { paths } : {})(request, response);
    }),
  };
  const backend = await startBackend({ secret });
  // The backend's first check of a new database may exceed its timeout.
  await vi.waitFor(async () => expect((await fetch(`${backend.url}/health`)).status).toBe(200), 60_000);
  await sql`insert into public.external_health (service, status) values ('supabase', 'ok')`;
  await sql`insert into public.provision_workers (id) values ('doctor')`;
  const gone = await serve(() => undefined);
  await gone.stop();

  const environment: Record<string, string> = {
    MCP_ENABLED: "true",
    MCP_LOG_DB: "true",
    NEXT_PUBLIC_SUPABASE_URL: far.supabase.url,
    NEXT_PUBLIC_SUPABASE_ANON_KEY: embedded.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: embedded.secretKey,
    SUPABASE_JWT_PRIVATE_KEY: "a key that nothing reads",
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey("live"),
    CLERK_SECRET_KEY: "sk_live_hunter2hunter2",
    CLERK_ISSUER: embedded.issuer,
    CLERK_JWT_KEY: pemOf(embedded.signingKey),
    CLERK_AUTHORIZED_PARTIES: origin,
    WEB_URL: origin,
    DEFAULT_ROLE: "none",
    FASTAPI_URL: backend.url,
    FASTAPI_SECRET: secret,
    DATABASE_URL: embedded.postgresUrl,
  };
  return {
    sql,
    far,
    backend,
    nowhere: gone.url,
    environment,
    tokenWith: (claims: Record<string, unknown>) =>
      tokenOf({ iss: embedded.issuer, ...claims }, embedded.signingKey),
    foreignToken: () => tokenOf({ iss: far.clerk.url }, foreign),
    foreignPem: pemOf(foreign),
    /** Redirects requests for the hosted project to the local gateway. */
    fetch: ((url: string, init?: RequestInit) =>
      fetch(url.replace(projectUrl, far.supabase.url), init)) as typeof fetch,
    async stop() {
      await sql.end();
      await Promise.all([backend.stop(), ...Object.values(far).map((server) => server.stop())]);
    },
  };
}

export const publishableKey = (kind: "live" | "test") =>
  `pk_${kind}_${Buffer.from("clerk.smarterbot.test$").toString("base64")}`;

/** Signs a legacy API key (JWT) of a project ref. */
export function jwtKey(role: string, ref: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [part({ alg: "HS256" }), part({ iss: "supabase", role, ref, exp: 2e9 }), "c2lnbmF0dXJl"].join(".");
}

function foreignKey(): JWK {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...(privateKey.export({ format: "jwk" }) as JWK), kid: "foreign", alg: "RS256" };
}

const publicHalf = ({ kty, n, e, kid, alg }: JWK) => ({ kty, n, e, kid, alg, use: "sig" });

function pemOf(key: JWK): string {
  return createPublicKey({ key: key as JsonWebKey, format: "jwk" })
    .export({ type: "spki", format: "pem" })
    .toString();
}

/** Signs a session token as Clerk does, without the claims that are undefined. */
async function tokenOf(claims: Record<string, unknown>, key: JWK): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const usual = {
    sub: "user_doctor",
    sid: "sess_doctor",
    iat: now,
    nbf: now - 10,
    exp: now + 300,
    azp: origin,
    role: "authenticated",
    metadata: { role: "viewer" },
  };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.kid ?? "" })
    .sign(await importJWK(key, "RS256"));
}
