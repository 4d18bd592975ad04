import { createPublicKey, type JsonWebKey } from "node:crypto";
import type { ProvidedContext } from "vitest";

export type Embedded = ProvidedContext["embedded"];

/** The embedded identity's public key as Clerk would show it. */
export function publicPem({ signingKey }: Embedded): string {
  return createPublicKey({ key: signingKey as JsonWebKey, format: "jwk" })
    .export({ type: "spki", format: "pem" })
    .toString();
}

/** The settings of a web app that signs in by the local identity, as `npm start` gives them. */
export function localEnvironment(
  embedded: Pick<Embedded, "supabaseUrl" | "publishableKey" | "secretKey">,
  origin: string,
) {
  return {
    SMARTEROS_IDENTITY: "local",
    MCP_ENABLED: "true",
    MCP_LOG_DB: "true",
    CLERK_AUTHORIZED_PARTIES: origin,
    NEXT_PUBLIC_SUPABASE_URL: embedded.supabaseUrl,
    NEXT_PUBLIC_SUPABASE_ANON_KEY: embedded.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: embedded.secretKey,
  };
}

/**
 * The settings of a production deployment by Clerk, without a service role key. The embedded identity stands for
 * Clerk's: its tokens have the same shape, and with the key at hand nothing is asked over the network.
 */
export function clerkEnvironment(embedded: Embedded, origin: string) {
  return {
    MCP_ENABLED: "true",
    MCP_LOG_DB: "true",
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from("example.clerk.accounts.dev$").toString("base64")}`,
    CLERK_SECRET_KEY: "sk_test_ofnoaccountatall",
    CLERK_JWT_KEY: publicPem(embedded),
    CLERK_ISSUER: embedded.issuer,
    CLERK_AUTHORIZED_PARTIES: origin,
    NEXT_PUBLIC_SUPABASE_URL: embedded.supabaseUrl,
    NEXT_PUBLIC_SUPABASE_ANON_KEY: embedded.publishableKey,
    FASTAPI_URL: "http://127.0.0.1:9",
  };
}

/** Settings of which one is missing, one is wrong, and two hold what must never be shown. */
export const misconfigured = {
  MCP_ENABLED: "true",
  NEXT_PUBLIC_SUPABASE_URL: "not-a-url-hunter2",
  NEXT_PUBLIC_SUPABASE_ANON_KEY: "sb_publishable_hunter2",
  CLERK_SECRET_KEY: "hunter2-is-no-clerk-key",
};
