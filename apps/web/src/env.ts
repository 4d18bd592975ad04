import type { ConnectorSettings } from "@smarteros/connectors";
import {
  accessSettings,
  auditBufferOf,
  auditBufferSettings,
  comparing,
  databaseSettingsOf,
  onlyTrue,
  parseSettings,
  type RoleRules,
  roleRulesOf,
  type Settings,
} from "@smarteros/core";
import { sharedSecret } from "@smarteros/core/settings";
import {
  type SiteEnvironment,
  type SiteIdentity,
  siteIdentity,
  siteProblems,
  siteSettings,
} from "@smarteros/identity";
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

export type WebSettings = {
  enabled: boolean;
  logToDatabase: boolean;
  /** Where audit rows are buffered until they are stored; absent where no directory is writable. */
  auditBuffer?: { directory: string; maximumBytes: number } | undefined;
  callsPerMinute: number;
  /** Days after a tenant's deletion from which its services may be removed at the vendors. */
  deleteGraceDays: number;
  /** True where a process may freeze or vanish between two calls. */
  serverless: boolean;
  /** Proxies before the web app that append to `X-Forwarded-For` themselves. */
  trustedProxyHops: number;
  supabase: { url: string; publishableKey: string; serviceRoleKey?: string | undefined };
  identity: SiteIdentity & { roles: RoleRules };
  /** True where a key is set that signs tokens which Supabase accepts. */
  hasSigningKey: boolean;
  /** Settings that SQL enforces too; passed to the function `configure`. */
  databaseSettings: Record<string, unknown>;
  /** The service of `fastapi.*`, its paths that may be called, and the secret that signs assertions about a caller. */
  backend?: BackendSettings | undefined;
  /** The backend of `services.*` and `n8n.*`; without it they go through Supabase. */
  provisioningBackend?: ProvisioningBackendSettings | undefined;
  /** Permits alert targets on internal addresses and without encryption. */
  allowsInternalTargets: boolean;
  /** With it and a service key, `/api/cron/work` works on due tasks. */
  cronSecret?: string | undefined;
  /** Without it no span or metric leaves. */
  telemetry?: TelemetrySettings | undefined;
};

/** True in `next dev`, false in a build. */
export const development = process.env.NODE_ENV === "development";

const environment = z
  .object({
    ...siteSettings,
    MCP_ENABLED: onlyTrue,
    MCP_LOG_DB: onlyTrue,
    ...auditBufferSettings,
    MCP_RATE_LIMIT: z.coerce.number().int().min(1).max(100_000).default(30),
    ...supabaseSettings,
    SUPABASE_SERVICE_ROLE_KEY: supabaseSettings.SUPABASE_SERVICE_ROLE_KEY.optional(),
    SUPABASE_JWT_PRIVATE_KEY: z.string().optional(),
    SUPABASE_JWT_SECRET: z.string().optional(),
    ...accessSettings,
    ...backendSettings,
    ...telemetrySettings,
    ALERT_ALLOW_INTERNAL: onlyTrue,
    CRON_SECRET: sharedSecret.optional(),
    TRUSTED_PROXY_HOPS: z.coerce.number("must be a number of proxies").int().min(0).max(10).optional(),
  })
  .check(comparing(problemsOf))
  .transform((env): WebSettings => {
    const fastapiUrl =
      env.FASTAPI_URL ?? (env.SMARTEROS_IDENTITY === "local" ? undefined : "https://api.smarterbot.cl");
    return {
      enabled: env.MCP_ENABLED,
      logToDatabase: env.MCP_LOG_DB,
      auditBuffer: auditBufferOf(env),
      callsPerMinute: env.MCP_RATE_LIMIT,
      deleteGraceDays: env.DELETE_GRACE_DAYS ?? 30,
      serverless: env.VERCEL !== undefined,
      trustedProxyHops: env.TRUSTED_PROXY_HOPS ?? (env.VERCEL === undefined ? 0 : 1),
      supabase: {
        url: env.NEXT_PUBLIC_SUPABASE_URL,
        publishableKey: env.NEXT_PUBLIC_SUPABASE_ANON_KEY,
        serviceRoleKey: env.SUPABASE_SERVICE_ROLE_KEY,
      },
      identity: { ...identityOf(env), roles: roleRulesOf(env) },
      hasSigningKey: Boolean(env.SUPABASE_JWT_PRIVATE_KEY ?? env.SUPABASE_JWT_SECRET),
      databaseSettings: databaseSettingsOf(env),
      cronSecret: env.CRON_SECRET,
      telemetry: telemetryOf(env),
      allowsInternalTargets: env.ALERT_ALLOW_INTERNAL,
      backend: fastapiOf({ ...env, FASTAPI_URL: fastapiUrl }),
      provisioningBackend: provisioningBackendOf(env),
    };
  });

/** The web app's settings from an environment, or every problem by name, without values. */
export function parseEnvironment(
  given: Record<string, string | undefined> = process.env,
): Settings<WebSettings> {
  return parseSettings(environment, given);
}

/** The vendors' settings, for `/api/cron/work` alone: nothing else of the web app calls a vendor. */
export async function parseVendorSettings(): Promise<Settings<ConnectorSettings>> {
  const { connectorSettings } = await import("@smarteros/connectors");
  return parseSettings(z.object(connectorSettings), process.env);
}

type Environment = Parameters<typeof supabaseProblems>[0] &
  Parameters<typeof backendProblems>[0] &
  SiteEnvironment & { ALERT_ALLOW_INTERNAL: boolean };

function* problemsOf(env: Environment): Generator<{ path: string[]; message: string }> {
  yield* supabaseProblems(env);
  yield* siteProblems(env);
  yield* backendProblems(env);
  if (env.ALERT_ALLOW_INTERNAL && env.SMARTEROS_IDENTITY !== "local")
    yield {
      path: ["ALERT_ALLOW_INTERNAL"],
      message: "it is for SMARTEROS_IDENTITY=local alone: leave it out",
    };
}

function identityOf(env: Environment): SiteIdentity {
  const identity = siteIdentity(env);
  if (!identity) throw new Error("the settings were checked to name a Clerk instance");
  return identity;
}
