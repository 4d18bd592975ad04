import { isIP } from "node:net";
import path from "node:path";
import { type ConnectorSettings, connectorSettings } from "@smarteros/connectors";
import {
  accessSettings,
  databaseSettingsOf,
  onlyTrue,
  parseSettings,
  type Settings,
  stateDirectory,
} from "@smarteros/core";
import { httpUrl, isLoopback, isPublicAddress, withoutTrailingSlash } from "@smarteros/core/settings";
import { projectName } from "@smarteros/observability/disk-buffer";
import { supabaseProblems, supabaseSettings } from "@smarteros/supabase/settings";
import * as z from "zod";
import { type NamedUrl, namedUrls } from "./urls.ts";

export type MonitorSettings = {
  supabase: { url: string; serviceRoleKey: string };
  webUrl?: string | undefined;
  backendUrl?: string | undefined;
  /** Further addresses to probe. */
  urls: NamedUrl[];
  /** The vendors' settings, under the same names as in the backend. */
  connectors: ConnectorSettings;
  /** Consecutive failures after which a service is down, and consecutive successes after which it is up again. */
  thresholds: { downAfter: number; upAfter: number };
  /** The file that buffers results while the database is down. */
  bufferFile: string;
  /** The settings that SQL enforces too, as arguments of the SQL function `configure`. */
  databaseSettings: Record<string, unknown>;
  /** Retention of the audit log in days; undefined for no limit. */
  retentionDays?: number | undefined;
  /** Enables sealing the completed hours of the audit log. */
  sealsAudit: boolean;
  /** A file with alert rules that are added to the built-in ones. */
  alertRulesFile?: string | undefined;
  /** A Slack webhook that is notified while the database is unreachable. */
  alertFallbackUrl?: string | undefined;
  /** Allows alert targets at internal addresses and without encryption. */
  allowsInternalTargets: boolean;
};

const timesInARow = z
  .string()
  .regex(/^\d+$/, "must be a number")
  .transform(Number)
  .pipe(z.number().min(1, "must be 1 or more").max(100, "must be 100 or less"));

const filePath = z.string().refine((file) => !/[/\0]$/.test(file), "must be the path of a file");

const settings = z.object({
  SMARTEROS_IDENTITY: z.enum(["clerk", "local"]).default("clerk"),
  NEXT_PUBLIC_SUPABASE_URL: supabaseSettings.NEXT_PUBLIC_SUPABASE_URL.transform(withoutTrailingSlash),
  SUPABASE_SERVICE_ROLE_KEY: supabaseSettings.SUPABASE_SERVICE_ROLE_KEY,
  WEB_URL: httpUrl({ plainHttp: true }).transform(withoutTrailingSlash).optional(),
  FASTAPI_URL: httpUrl().transform(withoutTrailingSlash).optional(),
  MONITOR_URLS: namedUrls.optional(),
  MONITOR_DOWN_AFTER: timesInARow.default(3),
  MONITOR_UP_AFTER: timesInARow.default(2),
  ...connectorSettings,
  ...accessSettings,
  MONITOR_BUFFER_FILE: filePath.optional(),
  // The former name of MONITOR_BUFFER_FILE.
  MONITOR_SPILL_FILE: filePath.optional(),
  AUDIT_RETENTION_DAYS: z
    .string()
    .regex(/^\d+$/, "must be a number of days")
    .transform(Number)
    .pipe(z.number().min(8, "must be 8 or more").max(36_500, "must be 36500 or less"))
    .optional(),
  AUDIT_SEAL: onlyTrue,
  ALERT_RULES: z.string().optional(),
  ALERT_FALLBACK_URL: httpUrl({ query: true }).optional(),
  ALERT_ALLOW_INTERNAL: onlyTrue,
  XDG_STATE_HOME: z.string().optional(),
  HOME: z.string().optional(),
});

/** The names of all settings. */
export const settingNames = Object.keys(settings.shape);

const environment = settings
  .refine((env) => !env.ALERT_ALLOW_INTERNAL || env.SMARTEROS_IDENTITY === "local", {
    path: ["ALERT_ALLOW_INTERNAL"],
    error: "it is for SMARTEROS_IDENTITY=local alone: leave it out",
  })
  .refine((env) => env.ALERT_ALLOW_INTERNAL || !isInternal(env.ALERT_FALLBACK_URL), {
    path: ["ALERT_FALLBACK_URL"],
    error: "must be a host that the internet reaches: what is on an internal network is never dialled",
  })
  .check((context) => {
    for (const problem of supabaseProblems(context.value))
      context.issues.push({ code: "custom", input: undefined, ...problem });
  })
  .transform(
    (env): MonitorSettings => ({
      supabase: { url: env.NEXT_PUBLIC_SUPABASE_URL, serviceRoleKey: env.SUPABASE_SERVICE_ROLE_KEY },
      webUrl: env.WEB_URL,
      backendUrl:
        env.FASTAPI_URL ?? (env.SMARTEROS_IDENTITY === "local" ? undefined : "https://api.smarterbot.cl"),
      urls: env.MONITOR_URLS ?? [],
      connectors: env,
      thresholds: { downAfter: env.MONITOR_DOWN_AFTER, upAfter: env.MONITOR_UP_AFTER },
      databaseSettings: databaseSettingsOf(env),
      retentionDays: env.AUDIT_RETENTION_DAYS,
      sealsAudit: env.AUDIT_SEAL,
      alertRulesFile: env.ALERT_RULES,
      alertFallbackUrl: env.ALERT_FALLBACK_URL,
      allowsInternalTargets: env.ALERT_ALLOW_INTERNAL,
      bufferFile: path.resolve(
        env.MONITOR_BUFFER_FILE ??
          env.MONITOR_SPILL_FILE ??
          path.join(stateDirectory(env) ?? ".smarteros", bufferName(env.NEXT_PUBLIC_SUPABASE_URL)),
      ),
    }),
  );

/** Parses the monitor's settings from an environment. Returns every problem by variable name, without values. */
export function parseEnvironment(
  given: Record<string, string | undefined> = process.env,
): Settings<MonitorSettings> {
  return parseSettings(environment, given);
}

// One file for each project: results of one project must never be stored in another's database.
function bufferName(supabaseUrl: string): string {
  return `monitor-${projectName(supabaseUrl)}.ndjson`;
}

// Checks IP addresses only; a host name is resolved and checked when it is connected to.
function isInternal(url: string | undefined): boolean {
  const host = url && new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  return Boolean(url && host && (isLoopback(url) || (isIP(host) && !isPublicAddress(host))));
}
