import {
  accessSettings,
  auditBufferOf,
  auditBufferSettings,
  databaseSettingsOf,
  onlyTrue,
  parseSettings,
  type RoleRules,
  roleRulesOf,
  type Settings,
} from "@smarteros/core";
import { isLoopback, sharedSecret } from "@smarteros/core/settings";
import { clerkIssuer, clerkProblems, clerkSettings, type Issuer } from "@smarteros/identity";
import { type TelemetrySettings, telemetryOf, telemetrySettings } from "@smarteros/observability/tracing";
import { supabaseProblems, supabaseSettings } from "@smarteros/supabase/settings";
import {
  type BackendSettings,
  backendProblems,
  backendSettings,
  fastapiOf,
  type ProvisioningBackendSettings,
  provisioningBackendOf,
} from "@smarteros/tools-fastapi/settings";
import * as z from "zod";

/** The source of the user's token. */
export type CredentialSettings =
  | { kind: "local"; user: string }
  | { kind: "token"; accessToken?: string | undefined; command?: string | undefined; issuer: Issuer }
  | { kind: "minted"; userId: string; key: { privateKey: string } | { secret: string } };

export type StdioSettings = {
  enabled: boolean;
  logToDatabase: boolean;
  /** The disk buffer of audit rows; undefined when no folder is available. */
  auditBuffer?: { directory: string; maximumBytes: number } | undefined;
  callsPerMinute: number;
  names: "alias" | "dotted";
  supabase: { url: string; publishableKey: string; serviceRoleKey?: string | undefined };
  credential: CredentialSettings;
  roles: RoleRules;
  /** The settings that SQL enforces too, as arguments of the SQL function `configure`. */
  databaseSettings: Record<string, unknown>;
  /** The service of `fastapi.*` and its allow-list; without it the catalog has none of them. */
  backend?: BackendSettings | undefined;
  /** The backend of `services.*` and `n8n.*`; without it they go through Supabase. */
  provisioningBackend?: ProvisioningBackendSettings | undefined;
  /** Export of spans and metrics; undefined exports none. */
  telemetry?: TelemetrySettings | undefined;
};

const environment = z
  .object({
    MCP_ENABLED: onlyTrue,
    MCP_LOG_DB: onlyTrue,
    ...auditBufferSettings,
    MCP_RATE_LIMIT: z.coerce.number().int().min(1).max(100_000).default(30),
    MCP_TOOL_NAMES: z.enum(["alias", "dotted"]).default("alias"),
    ...supabaseSettings,
    SUPABASE_SERVICE_ROLE_KEY: supabaseSettings.SUPABASE_SERVICE_ROLE_KEY.optional(),
    SMARTEROS_IDENTITY: z.enum(["clerk", "local"]).default("clerk"),
    SMARTEROS_LOCAL_USER: z.string().default("operator-a"),
    SMARTEROS_ACCESS_TOKEN: z.string().optional(),
    SMARTEROS_TOKEN_COMMAND: z.string().optional(),
    SMARTEROS_USER_ID: z.string().optional(),
    SUPABASE_JWT_PRIVATE_KEY: z.string().optional(),
    SUPABASE_JWT_SECRET: sharedSecret.optional(),
    ...clerkSettings,
    ...accessSettings,
    ...backendSettings,
    ...telemetrySettings,
  })
  .transform((env, context): StdioSettings => {
    for (const problem of [...supabaseProblems(env), ...clerkProblems(env), ...backendProblems(env)]) {
      context.addIssue({ code: "custom", ...problem });
    }
    const credential = credentialOf(env);
    if (typeof credential === "string") {
      context.addIssue({ code: "custom", message: credential });
      return z.NEVER;
    }
    return {
      enabled: env.MCP_ENABLED,
      logToDatabase: env.MCP_LOG_DB,
      auditBuffer: auditBufferOf(env),
      callsPerMinute: env.MCP_RATE_LIMIT,
      names: env.MCP_TOOL_NAMES,
      supabase: {
        url: env.NEXT_PUBLIC_SUPABASE_URL,
        publishableKey: env.NEXT_PUBLIC_SUPABASE_ANON_KEY,
        serviceRoleKey: env.SUPABASE_SERVICE_ROLE_KEY,
      },
      credential,
      roles: roleRulesOf(env),
      databaseSettings: databaseSettingsOf(env),
      telemetry: telemetryOf(env),
      backend: fastapiOf(env),
      provisioningBackend: provisioningBackendOf(env),
    };
  });

/** Parses the server's settings from an environment. Returns every problem by variable name, without values. */
export function parseEnvironment(
  given: Record<string, string | undefined> = process.env,
): Settings<StdioSettings> {
  return parseSettings(environment, given);
}

type Environment = {
  SMARTEROS_IDENTITY: "clerk" | "local";
  SMARTEROS_LOCAL_USER: string;
  NEXT_PUBLIC_SUPABASE_URL: string;
} & Partial<
  Record<
    | "SMARTEROS_ACCESS_TOKEN"
    | "SMARTEROS_TOKEN_COMMAND"
    | "SMARTEROS_USER_ID"
    | "SUPABASE_JWT_PRIVATE_KEY"
    | "SUPABASE_JWT_SECRET"
    | "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY"
    | "CLERK_ISSUER"
    | "CLERK_JWT_KEY",
    string | undefined
  >
>;

/**
 * Returns the one configured kind of credential, or the problem: with two of them it would be undefined which user
 * acts.
 */
function credentialOf(env: Environment): CredentialSettings | string {
  const isLocal = env.SMARTEROS_IDENTITY === "local";
  const hasToken = Boolean(env.SMARTEROS_ACCESS_TOKEN || env.SMARTEROS_TOKEN_COMMAND);
  const isMinted = Boolean(env.SMARTEROS_USER_ID || env.SUPABASE_JWT_PRIVATE_KEY || env.SUPABASE_JWT_SECRET);
  if (Number(isLocal) + Number(hasToken) + Number(isMinted) !== 1) {
    return "Set exactly one credential: SMARTEROS_ACCESS_TOKEN and/or SMARTEROS_TOKEN_COMMAND; or SMARTEROS_USER_ID with a signing key; or SMARTEROS_IDENTITY=local.";
  }
  if (isLocal) {
    if (!isLoopback(env.NEXT_PUBLIC_SUPABASE_URL))
      return "SMARTEROS_IDENTITY=local needs NEXT_PUBLIC_SUPABASE_URL on this machine.";
    return { kind: "local", user: env.SMARTEROS_LOCAL_USER };
  }
  return hasToken ? tokenCredential(env) : mintedCredential(env);
}

function tokenCredential(env: Environment): CredentialSettings | string {
  const issuer = clerkIssuer(env);
  if (!issuer) {
    return "Set NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY or CLERK_ISSUER: a token counts only when its signature can be checked.";
  }
  return {
    kind: "token",
    accessToken: env.SMARTEROS_ACCESS_TOKEN,
    command: env.SMARTEROS_TOKEN_COMMAND,
    issuer,
  };
}

function mintedCredential(env: Environment): CredentialSettings | string {
  const {
    SMARTEROS_USER_ID: userId,
    SUPABASE_JWT_PRIVATE_KEY: privateKey,
    SUPABASE_JWT_SECRET: secret,
  } = env;
  if (!userId) return "SMARTEROS_USER_ID is missing: the user that the signing key is to act for.";
  if (privateKey && !secret) return { kind: "minted", userId, key: { privateKey } };
  if (secret && !privateKey) return { kind: "minted", userId, key: { secret } };
  return "Set one of SUPABASE_JWT_PRIVATE_KEY and SUPABASE_JWT_SECRET, with SMARTEROS_USER_ID.";
}
