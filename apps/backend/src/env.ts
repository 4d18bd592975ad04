import { type ConnectorSettings, connectorSettings } from "@smarteros/connectors";
import { parseSettings, type Settings } from "@smarteros/core";
import { databaseUrl, httpUrl, sharedSecret } from "@smarteros/core/settings";
import { type TelemetrySettings, telemetryOf, telemetrySettings } from "@smarteros/observability/tracing";
import { supabaseProblems, supabaseSettings } from "@smarteros/supabase/settings";
import * as z from "zod";

export type BackendSettings = {
  host: string;
  /** 0 selects any free port. */
  port: number;
  /** Public origin: the `aud` of assertions for this backend. */
  origin: string;
  /** Shared with the signers of assertions: SMARTEROS_BACKEND_SECRET, else FASTAPI_SECRET. */
  secret: string;
  supabase: { url: string; serviceRoleKey: string };
  provisioning?: ProvisioningSettings | undefined;
  /** Without it, no span or metric is exported. */
  telemetry?: TelemetrySettings | undefined;
};

export type ProvisioningSettings = {
  /** Session connection on which new tasks are heard immediately; without it, within a second. */
  databaseUrl?: string | undefined;
  /** Days after a tenant's deletion before its services may be removed. */
  graceDays: number;
  connectors: ConnectorSettings;
};

const port = z
  .string()
  .regex(/^\d{1,5}$/, "a port number from 1 to 65535 is wanted")
  .transform(Number)
  .refine((number) => number >= 1 && number <= 65_535, { error: "a port number from 1 to 65535 is wanted" });

const settings = z.object({
  BACKEND_HOST: z
    .string()
    .regex(/^[\w.:-]+$/, "a host name or address to listen on is wanted")
    .default("127.0.0.1"),
  BACKEND_PORT: port.default(8000),
  BACKEND_URL: httpUrl().optional(),
  SMARTEROS_BACKEND_SECRET: sharedSecret.optional(),
  FASTAPI_SECRET: sharedSecret.optional(),
  NEXT_PUBLIC_SUPABASE_URL: supabaseSettings.NEXT_PUBLIC_SUPABASE_URL,
  SUPABASE_SERVICE_ROLE_KEY: supabaseSettings.SUPABASE_SERVICE_ROLE_KEY,
  DATABASE_URL: databaseUrl.optional(),
  DELETE_GRACE_DAYS: z.coerce.number("a number of days is wanted").int().min(0).max(3650).default(30),
  ...connectorSettings,
  ...telemetrySettings,
});

/** The names of all settings. */
export const settingNames = Object.keys(settings.shape);

const environment = settings
  .check((context) => {
    for (const problem of supabaseProblems(context.value))
      context.issues.push({ code: "custom", input: undefined, ...problem });
    if (secretOf(context.value) === "")
      context.issues.push({
        code: "custom",
        input: undefined,
        path: ["SMARTEROS_BACKEND_SECRET"],
        message: "the backend needs it to verify who calls",
      });
  })
  .transform(
    ({ DATABASE_URL: databaseUrl, DELETE_GRACE_DAYS: graceDays, ...env }): BackendSettings => ({
      host: env.BACKEND_HOST,
      port: env.BACKEND_PORT,
      origin: new URL(env.BACKEND_URL ?? `http://127.0.0.1:${env.BACKEND_PORT}`).origin,
      secret: secretOf(env),
      supabase: { url: env.NEXT_PUBLIC_SUPABASE_URL, serviceRoleKey: env.SUPABASE_SERVICE_ROLE_KEY },
      telemetry: telemetryOf(env),
      provisioning: { databaseUrl, graceDays, connectors: env },
    }),
  );

/** Returns the one secret of assertions: while there is one of its own, the other is not accepted beside it. */
function secretOf(env: {
  SMARTEROS_BACKEND_SECRET?: string | undefined;
  FASTAPI_SECRET?: string | undefined;
}): string {
  return env.SMARTEROS_BACKEND_SECRET ?? env.FASTAPI_SECRET ?? "";
}

/** Parses the settings of an environment, or lists every problem by its name, without values. */
export function parseEnvironment(
  given: Record<string, string | undefined> = process.env,
): Settings<BackendSettings> {
  return parseSettings(environment, given);
}
