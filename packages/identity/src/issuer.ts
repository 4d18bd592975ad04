import { createPublicKey } from "node:crypto";
import * as z from "zod";

/** Who signs session tokens, and by which key: the public one as PEM, or where the key set is. */
export type Issuer = { issuer: string; key: { pem: string } | { jwksUrl: string } };

const notKey = "must be a Clerk publishable key (pk_live_… or pk_test_…)";

/** Clerk's settings as they stand in an environment, for the schema of an app's own. */
export const clerkSettings = {
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: z
    .string()
    .refine((key) => frontendHost(key) !== undefined, notKey)
    .optional(),
  CLERK_ISSUER: z
    .url({ protocol: /^https?$/, error: "must be an http or https URL" })
    .transform((url) => url.replace(/\/$/, ""))
    .optional(),
  CLERK_JWT_KEY: z
    .string()
    .transform((text) => text.replaceAll("\\n", "\n"))
    .refine(isPublicKey, "must be the PEM public key that Clerk shows under API keys")
    .optional(),
};

type ClerkSettings = { [Name in keyof typeof clerkSettings]?: string | undefined };

/** The Clerk instance that the settings name; undefined where they name none. */
export function clerkIssuer(settings: ClerkSettings): Issuer | undefined {
  const { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey, CLERK_JWT_KEY: pem } = settings;
  const host = publishableKey && frontendHost(publishableKey);
  const issuer = settings.CLERK_ISSUER ?? (host && `https://${host}`);
  return issuer ? { issuer, key: pem ? { pem } : { jwksUrl: `${issuer}/.well-known/jwks.json` } } : undefined;
}

/** The local identity beside an embedded Supabase, and where it hands out tokens. */
export function localIssuer(supabaseUrl: string): Issuer & { tokenUrl: string } {
  const issuer = `${supabaseUrl.replace(/\/$/, "")}/identity`;
  return { issuer, key: { jwksUrl: `${issuer}/jwks.json` }, tokenUrl: `${issuer}/token` };
}

/** Whether a URL is on this machine: the only place for a local identity, which signs for anybody who asks. */
export function isLoopback(url: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}

/** The host of Clerk's frontend API, which a publishable key carries in base64, closed by a dollar sign. */
export function frontendHost(publishableKey: string): string | undefined {
  const encoded = /^pk_(?:test|live)_([A-Za-z0-9+/=_-]+)$/.exec(publishableKey)?.[1];
  const host = encoded && /^([a-z0-9.-]+)\$$/i.exec(Buffer.from(encoded, "base64").toString("latin1"))?.[1];
  return host || undefined;
}

function isPublicKey(text: string): boolean {
  try {
    return createPublicKey(text).asymmetricKeyType === "rsa" && !text.includes("PRIVATE");
  } catch {
    return false;
  }
}
