import { type AuditStore, createCatalog, createPipeline, type Logger, type Tool } from "@smarteros/core";
import { createRecorder, openAuditBuffer } from "@smarteros/observability";
import {
  selfAuditStore,
  serviceAuditStore,
  supabaseCallCounts,
  supabaseCallLog,
  supabaseHealthLog,
} from "@smarteros/observability/supabase";
import { type ObservabilityPorts, observabilityTools } from "@smarteros/observability/tools";
import { memoryLimiter } from "@smarteros/rate-limit";
import { asService, asUser, type SupabaseClient } from "@smarteros/supabase";
import {
  type BackendPorts,
  createBackendTools,
  type ProvisioningPorts,
  provisioningTools,
} from "@smarteros/tools-fastapi";
import { createBackend } from "@smarteros/tools-fastapi/backend-client";
import { httpProvisioning } from "@smarteros/tools-fastapi/http-provisioning";
import type { BackendSettings, ProvisioningBackendSettings } from "@smarteros/tools-fastapi/settings";
import { supabaseProvisioning } from "@smarteros/tools-fastapi/supabase-provisioning";
import { type TenantPorts, tenantTools } from "@smarteros/tools-tenants";
import { supabaseTenants } from "@smarteros/tools-tenants/supabase";

/** The ports of every tool. Without a service for `fastapi.*` there is no port to it, and none of them in the catalog. */
export type HostPorts = TenantPorts & ObservabilityPorts & ProvisioningPorts & Partial<BackendPorts>;

export type HostSettings = {
  enabled: boolean;
  /** Whether calls are recorded in the database beside the log. */
  logToDatabase: boolean;
  /** Where audit rows are buffered until they are stored; absent where no directory is writable. */
  auditBuffer?: { directory: string; maximumBytes: number } | undefined;
  callsPerMinute: number;
  supabase: { url: string; publishableKey: string; serviceRoleKey?: string | undefined };
  /** Settings that SQL enforces too; passed to the function `configure`. */
  databaseSettings: Record<string, unknown>;
  /** The service of `fastapi.*`. */
  backend?: BackendSettings | undefined;
  /** The backend of `services.*` and `n8n.*`; without it they go through Supabase, as the user. */
  provisioningBackend?: ProvisioningBackendSettings | undefined;
  /** Whether the process may end after each response, as on Vercel. */
  serverless?: boolean;
};

type HostOptions = {
  logger: Logger;
  /** Runs work after the response of a call. */
  defer: (work: () => Promise<void>) => void;
  /** Names that are recorded as tools beside those of the catalog. */
  otherNames?: readonly string[];
};

export type Host = ReturnType<typeof createHost>;

/** Composes the tools for one process: catalog, pipeline, limiter, recorder, and the client and ports of each caller. */
export function createHost(settings: HostSettings, { logger, defer, otherNames = [] }: HostOptions) {
  const { supabase, enabled, logToDatabase } = settings;
  const backend = settings.backend && createBackend(settings.backend);
  const provisioning =
    settings.provisioningBackend && httpProvisioning(createBackend(settings.provisioningBackend));
  const catalog = createCatalog<HostPorts>([
    ...tenantTools,
    ...observabilityTools,
    ...provisioningTools,
    ...(settings.backend ? (createBackendTools(settings.backend) as Tool<HostPorts>[]) : []),
  ]);
  const recordedNames = [...catalog.names(), ...otherNames].sort();

  const service = supabase.serviceRoleKey ? asService(supabase, supabase.serviceRoleKey) : undefined;
  const serviceStore =
    service &&
    serviceAuditStore(service, () => ({ tools: recordedNames, settings: settings.databaseSettings }));
  // The window of limited calls may outlive a user's token; it cannot outlive the service role key.
  const lifetime = serviceStore && !settings.serverless ? "long" : "short";
  const buffer =
    lifetime === "long" && serviceStore && logToDatabase
      ? openAuditBuffer(settings.auditBuffer, { url: supabase.url, store: serviceStore, logger })
      : undefined;
  const recorder = createRecorder({ logger, lifetime, buffer });
  const limiter = memoryLimiter({ calls: settings.callsPerMinute });

  return {
    catalog,
    limiter,
    recorder,
    /** The client of the service role; undefined without its key. */
    service,
    /** Names that a record may hold as its tool, sorted. */
    recordedNames,
    pipeline: createPipeline<HostPorts>({ enabled, catalog, limiter, recorder, defer }),
    /**
     * Creates one client that acts as the user of a verified token, with the ports of the tools on it and the store of the
     * user's audit rows; that is undefined where calls are not recorded in the database.
     */
    forUser(token: string): { client: SupabaseClient; ports: HostPorts; audit: AuditStore | undefined } {
      const client = asUser(supabase, token);
      const ports = {
        tenants: supabaseTenants(client),
        calls: supabaseCallLog(client),
        counts: supabaseCallCounts(client),
        toolNames: recordedNames,
        health: supabaseHealthLog(client),
        provisioning: provisioning ?? supabaseProvisioning(client),
        ...(backend ? { backend } : {}),
      };
      return { client, ports, audit: logToDatabase ? (serviceStore ?? selfAuditStore(client)) : undefined };
    },
  };
}
