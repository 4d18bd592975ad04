import {
  accessSettings,
  databaseSettingsOf,
  onlyTrue,
  parseSettings,
  type RoleRules,
  roleRulesOf,
  type Settings,
  spoolOf,
  spoolSettings,
} from "@smarteros/core";
import { isLoopback, originList } from "@smarteros/core/settings";
import { clerkIssuer, clerkProblems, clerkSettings, type Issuer, localIssuer } from "@smarteros/identity";
import { type TelemetrySettings, telemetryOf, telemetrySettings } from "@smarteros/observability/tracing";
import { supabaseProblems, supabaseSettings } from "@smarteros/supabase/settings";
import { type BackendSettings, backendSettings } from "@smarteros/tools-fastapi/settings";
import * as z from "zod";

/** Where session tokens come from and what makes one ours. */
type IdentitySettings = Issuer & {
  /** Origins that a token may have been made for, which are also those that may call with a cookie. */
  origins: string[];
} & ({ kind: "clerk"; publishableKey: string } | { kind: "local"; tokenUrl: string });

export type WebSettings = {
  enabled: boolean;
  logToDatabase: boolean;
  /** Where audit rows are logged until they are stored; absent where there is no place for it. */
  spool?: { directory: string; maximumBytes: number } | undefined;
  callsPerMinute: number;
  /** Days after a tenant's deletion from which the backend removes what it has at the vendors. */
  deleteGraceDays: number;
  /** True where a process may freeze or vanish between two calls. */
  serverless: boolean;
  /** Proxies before the web app that append to `X-Forwarded-For` themselves. */
  trustedProxyHops: number;
  supabase: { url: string; publishableKey: string; serviceRoleKey?: string | undefined };
  identity: IdentitySettings & { roles: RoleRules };
  /** What the environment sets of what SQL enforces too; for the function `configure`. */
  databaseSettings: Record<string, unknown>;
  /** The backend and what of it may be called by path, with the secret that signs what we say of a caller. */
  backend?: BackendSettings | undefined;
  /** Whether alerts may be told to internal addresses, and without encryption. */
  allowsInternalTargets: boolean;
  /** Without it no span or metric leaves. */
  telemetry?: TelemetrySettings | undefined;
};

/** Whether `next dev` runs, as against a build. */
export const development = process.env.NODE_ENV === "development";

const environment = z
  .object({
    SMARTEROS_IDENTITY: z.enum(["clerk", "local"]).default("clerk"),
    MCP_ENABLED: onlyTrue,
    MCP_LOG_DB: onlyTrue,
    ...spoolSettings,
    MCP_RATE_LIMIT: z.coerce.number().int().min(1).max(100_000).default(30),
    DELETE_GRACE_DAYS: z.coerce.number().int().min(0).max(3_650).default(30),
    ...supabaseSettings,
    SUPABASE_SERVICE_ROLE_KEY: supabaseSettings.SUPABASE_SERVICE_ROLE_KEY.optional(),
    ...clerkSettings,
    ...accessSettings,
    CLERK_AUTHORIZED_PARTIES: originList.optional(),
    ...backendSettings,
    ...telemetrySettings,
    ALERT_ALLOW_INTERNAL: onlyTrue,
    TRUSTED_PROXY_HOPS: z.coerce.number("must be a number of proxies").int().min(0).max(10).optional(),
    VERCEL: z.string().optional(),
    VERCEL_URL: z.string().optional(),
    VERCEL_BRANCH_URL: z.string().optional(),
    VERCEL_PROJECT_PRODUCTION_URL: z.string().optional(),
  })
  .check((context) => {
    for (const problem of problemsOf(context.value)) {
      context.issues.push({ code: "custom", input: undefined, ...problem });
    }
  })
  .transform((env): WebSettings => {
    const backendUrl =
      env.FASTAPI_URL ?? (env.SMARTEROS_IDENTITY === "local" ? undefined : "https://api.smarterbot.cl");
    return {
      enabled: env.MCP_ENABLED,
      logToDatabase: env.MCP_LOG_DB,
      spool: spoolOf(env),
      callsPerMinute: env.MCP_RATE_LIMIT,
      deleteGraceDays: env.DELETE_GRACE_DAYS,
      serverless: env.VERCEL !== undefined,
      trustedProxyHops: env.TRUSTED_PROXY_HOPS ?? (env.VERCEL === undefined ? 0 : 1),
      supabase: {
        url: env.NEXT_PUBLIC_SUPABASE_URL,
        publishableKey: env.NEXT_PUBLIC_SUPABASE_ANON_KEY,
        serviceRoleKey: env.SUPABASE_SERVICE_ROLE_KEY,
      },
      identity: { ...identityOf(env), roles: roleRulesOf(env) },
      databaseSettings: databaseSettingsOf(env),
      telemetry: telemetryOf(env),
      allowsInternalTargets: env.ALERT_ALLOW_INTERNAL,
      backend: backendUrl
        ? { url: backendUrl, secret: env.FASTAPI_SECRET, paths: env.FASTAPI_PATHS }
        : undefined,
    };
  });

/** The web app's settings from an environment, or every problem by name, without values. */
export function parseEnvironment(
  given: Record<string, string | undefined> = process.env,
): Settings<WebSettings> {
  return parseSettings(environment, given);
}

type Environment = {
  NEXT_PUBLIC_SUPABASE_URL: string;
  NEXT_PUBLIC_SUPABASE_ANON_KEY: string;
  SUPABASE_SERVICE_ROLE_KEY?: string | undefined;
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY?: string | undefined;
  CLERK_SECRET_KEY?: string | undefined;
  CLERK_JWT_KEY?: string | undefined;
  CLERK_ISSUER?: string | undefined;
  CLERK_AUTHORIZED_PARTIES?: string[] | undefined;
  ALERT_ALLOW_INTERNAL: boolean;
  VERCEL?: string | undefined;
  VERCEL_URL?: string | undefined;
  VERCEL_BRANCH_URL?: string | undefined;
  VERCEL_PROJECT_PRODUCTION_URL?: string | undefined;
};
type Problem = { path: string[]; message: string };

function* problemsOf(env: Environment & { SMARTEROS_IDENTITY: string }): Generator<Problem> {
  yield* supabaseProblems(env);
  yield* env.SMARTEROS_IDENTITY === "local" ? localProblems(env) : hostedProblems(env);
}

function* hostedProblems(env: Environment): Generator<Problem> {
  yield* clerkProblems(env);
  if (env.ALERT_ALLOW_INTERNAL)
    yield {
      path: ["ALERT_ALLOW_INTERNAL"],
      message: "it is for SMARTEROS_IDENTITY=local alone: leave it out",
    };
  for (const name of ["NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY", "CLERK_SECRET_KEY"] as const) {
    if (!env[name]) yield { path: [name], message: "it is needed with Clerk identity" };
  }
  if (deploymentOrigins(env).length === 0) {
    yield {
      path: ["CLERK_AUTHORIZED_PARTIES"],
      message: "outside Vercel the origin of this deployment is needed",
    };
  }
}

/** Local identity signs for anybody who asks: it must never stand before anything but the embedded database. */
function* localProblems(env: Environment): Generator<Problem> {
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
  if (!isLoopback(env.NEXT_PUBLIC_SUPABASE_URL)) {
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

function identityOf(env: Environment & { SMARTEROS_IDENTITY: string }): IdentitySettings {
  const origins = deploymentOrigins(env);
  if (env.SMARTEROS_IDENTITY === "local") {
    return { kind: "local", origins, ...localIssuer(env.NEXT_PUBLIC_SUPABASE_URL) };
  }
  const issuer = clerkIssuer(env);
  if (!issuer) throw new Error("the settings were checked to name a Clerk instance");
  return { kind: "clerk", origins, publishableKey: env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY ?? "", ...issuer };
}

/** Where this deployment is reached, as its settings or Vercel say; never as a request's Host header says. */
function deploymentOrigins(env: Environment): string[] {
  const vercel = [env.VERCEL_PROJECT_PRODUCTION_URL, env.VERCEL_BRANCH_URL, env.VERCEL_URL];
  return env.CLERK_AUTHORIZED_PARTIES ?? vercel.flatMap((host) => (host ? [`https://${host}`] : []));
}
