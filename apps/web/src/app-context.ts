import { metrics } from "@opentelemetry/api";
import { type AuditStore, createCatalog, createPipeline, SmarterosError, type Tool } from "@smarteros/core";
import { type Session, sessionVerifier } from "@smarteros/identity";
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
import { asAnonymous, asService, asUser } from "@smarteros/supabase";
import { type BackendPorts, createBackendTools } from "@smarteros/tools-fastapi";
import { createBackend } from "@smarteros/tools-fastapi/backend-client";
import { type TenantPorts, tenantTools } from "@smarteros/tools-tenants";
import { supabaseTenants } from "@smarteros/tools-tenants/supabase";
import { after } from "next/server";
import { parseEnvironment, type WebSettings } from "./env.ts";
import { type AlertChangePorts, alertChanges } from "./features/alerts/alert-changes.ts";
import { type WindowChangePorts, windowChanges } from "./features/health-page/window-changes.ts";
import { deepHealthCheck } from "./health-check/deep-health.ts";
import { healthCheck } from "./health-check/health.ts";
import { lastPassReader } from "./health-check/last-pass.ts";
import { logger } from "./logger.ts";
import { createLimits } from "./request-limits.ts";
import { createStreams } from "./stream-limit.ts";

type Ports = TenantPorts & ObservabilityPorts & Partial<BackendPorts>;
type ChangePorts = AlertChangePorts & WindowChangePorts;
export type Services = ReturnType<typeof compose>;

/** Composes the web app from its settings: one of each for the life of the process. */
function compose(settings: WebSettings) {
  const { supabase } = settings;
  const service = supabase.serviceRoleKey ? asService(supabase, supabase.serviceRoleKey) : undefined;
  const serviceStore =
    service &&
    serviceAuditStore(service, () => ({
      tools: [...catalog.names(), ...changes.names()],
      settings: settings.databaseSettings,
    }));
  // A user's token may expire before the window of limited calls closes; the service key does not.
  const lifetime = settings.serverless || !serviceStore ? "short" : "long";
  const buffer =
    lifetime === "long" && serviceStore && settings.logToDatabase
      ? openAuditBuffer(settings.auditBuffer, { url: supabase.url, store: serviceStore, logger })
      : undefined;
  const recorder = createRecorder({ logger, lifetime, buffer });
  const limiter = memoryLimiter({ calls: settings.callsPerMinute });
  const backend = settings.backend && createBackend(settings.backend);
  // Without a backend its tools are not there, so that none of them ever looks for the port.
  const catalog = createCatalog<Ports>([
    ...tenantTools,
    ...observabilityTools,
    ...(settings.backend ? (createBackendTools(settings.backend) as Tool<Ports>[]) : []),
  ]);
  const changes = createCatalog<ChangePorts>([...alertChanges, ...windowChanges]);
  const anonymous = asAnonymous(supabase);

  return {
    settings,
    logger,
    recorder,
    limiter,
    catalog,
    /** What may stand in a record as its tool. */
    recordedNames: [...catalog.names(), ...changes.names()].sort(),
    /** Of everything that is not a call of a tool. */
    limits: createLimits(),
    /** As many as a person has pages open; a browser on HTTP/1.1 has six connections for all of them. */
    streams: createStreams({ perUser: 6, instead: "ask GET /api/services instead" }),
    /** A file of every call is the longest read there is. */
    exports: createStreams({ perUser: 3, instead: "wait for it to end" }),
    refusals: metrics.getMeter("@smarteros/web").createCounter("smarteros.mcp.refusals"),
    pipeline: createPipeline<Ports>({
      enabled: settings.enabled,
      catalog,
      limiter,
      recorder,
      defer: (work) => after(work),
    }),
    /** What forms change beside the tools: by the same rules and with the same records, whether tools are on or not. */
    changes: createPipeline<ChangePorts>({
      enabled: true,
      catalog: changes,
      limiter,
      recorder,
      defer: (work) => after(work),
    }),
    verify: sessionVerifier(settings.identity),
    health: healthCheck({
      settings,
      anonymous,
      audit: recorder.state,
      lastPass: service && lastPassReader(service),
    }),
    deepHealth: deepHealthCheck(settings),
    asUser: (session: Session) => asUser(supabase, session.token),
    ports(session: Session): Ports {
      const client = asUser(supabase, session.token);
      return {
        tenants: supabaseTenants(client),
        calls: supabaseCallLog(client),
        counts: supabaseCallCounts(client),
        health: supabaseHealthLog(client),
        ...(backend ? { backend } : {}),
      };
    },
    changePorts(session: Session): ChangePorts {
      const client = asUser(supabase, session.token);
      return {
        alerts: { client, allowsInternal: settings.allowsInternalTargets },
        health: supabaseHealthLog(client),
      };
    },
    audit(session: Session): AuditStore | undefined {
      if (!settings.logToDatabase) return undefined;
      return serviceStore ?? selfAuditStore(asUser(supabase, session.token));
    },
  };
}

// Routes may be bundled apart from each other; what they share has to live on the process.
const shared = globalThis as { [key: symbol]: Services | "misconfigured" | undefined };
const slot = Symbol.for("smarteros.web.services");

/** The services of this process, or undefined where its settings are wrong; the reasons are in the log. */
export function services(): Services | undefined {
  shared[slot] ??= start();
  return shared[slot] === "misconfigured" ? undefined : shared[slot];
}

/** The services, for a door that cannot do without. Throws `unavailable`. */
export function requireServices(): Services {
  const available = services();
  if (available) return available;
  throw new SmarterosError(
    "unavailable",
    "This deployment is misconfigured. Its operator finds the reasons in the log.",
  );
}

function start() {
  const settings = parseEnvironment();
  if (settings.ok) return compose(settings.value);
  logger.error("MISCONFIGURED", {
    problems: settings.problems,
  });
  return "misconfigured" as const;
}
