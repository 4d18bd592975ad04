import { createPublicKey } from "node:crypto";
import { httpUrl, isLoopback, settingKey, textProblem, withoutTrailingSlash } from "@smarteros/core/settings";
import * as z from "zod";

/** The issuer of session tokens, and its key: the public one as PEM, or the URL of the key set. */
export type Issuer = { issuer: string; key: { pem: string } | { jwksUrl: string } };

const notKey = "must be a Clerk publishable key (pk_live_… or pk_test_…)";
const notSecretKey = "must be a Clerk secret key (sk_live_… or sk_test_…)";

/** Declares Clerk's environment variables, for the schema of an app. */
export const clerkSettings = {
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: settingKey
    .superRefine((key, context) => {
      if (frontendHost(key) !== undefined) return;
      const message = key.startsWith("sk_")
        ? `it is a secret key, which must never reach a browser: it ${notKey}`
        : notKey;
      context.addIssue({ code: "custom", message, input: undefined });
    })
    .optional(),
  CLERK_SECRET_KEY: settingKey
    .superRefine((key, context) => {
      if (/^sk_(?:test|live)_./.test(key)) return;
      const message = key.startsWith("pk_") ? `it is a publishable key: it ${notSecretKey}` : notSecretKey;
      context.addIssue({ code: "custom", message, input: undefined });
    })
    .optional(),
  CLERK_ISSUER: httpUrl().transform(withoutTrailingSlash).optional(),
  CLERK_JWT_KEY: z
    .string()
    .superRefine((text, context) => {
      const message = /^["'`]/.test(text) ? textProblem(text) : undefined;
      if (message) context.addIssue({ code: "custom", message, input: undefined, continue: false });
    })
    .transform((text) => text.replaceAll("\\n", "\n"))
    .refine(isPublicKey, "must be the PEM public key that Clerk shows under API keys")
    .optional(),
};

type ClerkSettings = { [Name in keyof typeof clerkSettings]?: string | undefined };

/** Returns the Clerk instance that the settings name; undefined where they name none. */
export function clerkIssuer(settings: ClerkSettings): Issuer | undefined {
  const { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey, CLERK_JWT_KEY: pem } = settings;
  const host = publishableKey && frontendHost(publishableKey);
  const issuer = settings.CLERK_ISSUER ?? (host && `https://${host}`);
  return issuer ? { issuer, key: pem ? { pem } : { jwksUrl: `${issuer}/.well-known/jwks.json` } } : undefined;
}

/** Returns the local identity beside an embedded Supabase, and the URL of its tokens. */
export function localIssuer(supabaseUrl: string): Issuer & { tokenUrl: string } {
  const issuer = `${withoutTrailingSlash(supabaseUrl)}/identity`;
  return { issuer, key: { jwksUrl: `${issuer}/jwks.json` }, tokenUrl: `${issuer}/token` };
}

/**
 * Finds settings that belong to different Clerk instances, as far as they show it: a test key beside a live one, and an
 * issuer of another instance than the publishable key's. A wrong JWT key shows only in use.
 */
export function* clerkProblems(settings: ClerkSettings): Generator<{ path: string[]; message: string }> {
  const { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishableKey = "", CLERK_SECRET_KEY: secretKey = "" } =
    settings;
  const [kind, secretKind] = [publishableKey.slice(3, 7), secretKey.slice(3, 7)];
  if (kind && secretKind && kind !== secretKind) {
    const message = `it is a ${secretKind} key and NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY a ${kind} key: take both from one instance`;
    yield { path: ["CLERK_SECRET_KEY"], message };
  }
  if (settings.CLERK_ISSUER && isForeignIssuer(settings.CLERK_ISSUER, publishableKey)) {
    const message =
      "it is another Clerk instance than NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY names: leave it out, or copy both from one instance";
    yield { path: ["CLERK_ISSUER"], message };
  }
}

// A live instance may have a proxy's URL as its issuer, and a test any address of this machine.
function isForeignIssuer(issuer: string, publishableKey: string): boolean {
  const host = frontendHost(publishableKey)?.toLowerCase();
  const { hostname } = new URL(issuer);
  if (!host || hostname === host || isLoopback(issuer)) return false;
  return publishableKey.startsWith("pk_test_") || /\.clerk\.accounts\.dev$|^clerk\./.test(hostname);
}

/** Reads the host of Clerk's frontend API, which a publishable key holds in base64, closed by a dollar sign. */
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
