import { onlyTrue } from "@smarteros/core";
import { isLoopback, originList } from "@smarteros/core/settings";
import * as z from "zod";
import { clerkIssuer, clerkProblems, clerkSettings, type Issuer, localIssuer } from "./issuer.ts";

/** Declares the environment variables of a web app whose users sign in, for the schema of an app. */
export const siteSettings = {
  SMARTEROS_IDENTITY: z.enum(["clerk", "local"], "must be clerk or local").default("clerk"),
  ...clerkSettings,
  CLERK_AUTHORIZED_PARTIES: originList.optional(),
  CLERK_ALLOW_MISSING_AZP: onlyTrue,
  VERCEL: z.string().optional(),
  VERCEL_URL: z.string().optional(),
  VERCEL_BRANCH_URL: z.string().optional(),
  VERCEL_PROJECT_PRODUCTION_URL: z.string().optional(),
};

export type SiteEnvironment = {
  [Name in keyof typeof siteSettings]?: z.output<(typeof siteSettings)[Name]>;
} & {
  NEXT_PUBLIC_SUPABASE_URL?: string | undefined;
};

/** The issuer of a site's session tokens, and the conditions under which one is accepted. */
export type SiteIdentity = Issuer & {
  /** Origins that a token may have been made for, which are also those that may call with a cookie. */
  origins: string[];
  allowMissingAzp: boolean;
} & ({ kind: "clerk"; publishableKey: string } | { kind: "local"; tokenUrl: string });

type Problem = { path: string[]; message: string };

/** Finds settings that are missing or contradict each other, for a site whose users sign in. */
export function* siteProblems(env: SiteEnvironment): Generator<Problem> {
  yield* env.SMARTEROS_IDENTITY === "local" ? localProblems(env) : hostedProblems(env);
}

function* hostedProblems(env: SiteEnvironment): Generator<Problem> {
  yield* clerkProblems(env);
  for (const name of ["NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY", "CLERK_SECRET_KEY"] as const) {
    if (!env[name]) yield { path: [name], message: "it is needed with Clerk identity" };
  }
  if (siteOrigins(env).length === 0) {
    yield {
      path: ["CLERK_AUTHORIZED_PARTIES"],
      message: "outside Vercel the origin of this deployment is needed",
    };
  }
}

/** Finds local identity beside anything but the embedded database: it signs tokens for any caller. */
function* localProblems(env: SiteEnvironment): Generator<Problem> {
  const together = "it cannot be set together with SMARTEROS_IDENTITY=local: leave one of them out";
  for (const name of [
    "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
    "CLERK_SECRET_KEY",
    "CLERK_JWT_KEY",
    "CLERK_ISSUER",
    "VERCEL",
  ] as const) {
    if (env[name]) yield { path: [name], message: together };
  }
  if (env.NEXT_PUBLIC_SUPABASE_URL && !isLoopback(env.NEXT_PUBLIC_SUPABASE_URL)) {
    yield {
      path: ["NEXT_PUBLIC_SUPABASE_URL"],
      message: "must be on this machine with SMARTEROS_IDENTITY=local",
    };
  }
  if (!env.CLERK_AUTHORIZED_PARTIES) {
    yield { path: ["CLERK_AUTHORIZED_PARTIES"], message: "the origin of this web app is needed" };
  } else if (!env.CLERK_AUTHORIZED_PARTIES.every(isLoopback)) {
    yield {
      path: ["CLERK_AUTHORIZED_PARTIES"],
      message: "must be on this machine with SMARTEROS_IDENTITY=local, such as http://127.0.0.1:3000",
    };
  }
}

/** Returns the identity that the settings name; undefined where they name none. */
export function siteIdentity(env: SiteEnvironment): SiteIdentity | undefined {
  const common = { origins: siteOrigins(env), allowMissingAzp: env.CLERK_ALLOW_MISSING_AZP === true };
  if (env.SMARTEROS_IDENTITY === "local") {
    const url = env.NEXT_PUBLIC_SUPABASE_URL;
    return url === undefined ? undefined : { kind: "local", ...common, ...localIssuer(url) };
  }
  const issuer = clerkIssuer(env);
  const publishableKey = env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY ?? "";
  return issuer && { kind: "clerk", ...common, publishableKey, ...issuer };
}

/** Lists the origins of this deployment by its settings and Vercel's variables; a request's Host header is never used. */
function siteOrigins(env: SiteEnvironment): string[] {
  const vercel = [env.VERCEL_PROJECT_PRODUCTION_URL, env.VERCEL_BRANCH_URL, env.VERCEL_URL];
  return env.CLERK_AUTHORIZED_PARTIES ?? vercel.flatMap((host) => (host ? [`https://${host}`] : []));
}
