import { metrics } from "@opentelemetry/api";
import type { AlertReader } from "@smarteros/alerts";
import { readLastPass, supabaseAlertEditor, supabaseAlertReader } from "@smarteros/alerts/supabase";
import { type AlertPorts, alertTools } from "@smarteros/alerts/tools";
import { createCatalog, createPipeline, SmarterosError } from "@smarteros/core";
import { createHost } from "@smarteros/host";
import { type Session, sessionVerifier } from "@smarteros/identity";
import { type HealthPorts, maintenanceTools } from "@smarteros/observability/tools";
import { asAnonymous, ping, type SupabaseClient, silenceNotice, workerSilence } from "@smarteros/supabase";
import { type ChecklistPorts, checkService } from "@smarteros/tools-fastapi";
import type { ProvisioningLog } from "@smarteros/tools-fastapi/provisioning-log";
import { supabaseChecklist, supabaseProvisioningLog } from "@smarteros/tools-fastapi/supabase";
import { after } from "next/server";
import { parseEnvironment, parseVendorSettings, type WebSettings } from "./env.ts";
import { deepHealthCheck } from "./health-check/deep-health.ts";
import { healthCheck } from "./health-check/health.ts";
import { logger } from "./logger.ts";
import { createLimits } from "./request-limits.ts";
import { createStreamLimit } from "./stream-limit.ts";

type FormPorts = AlertPorts & HealthPorts & ChecklistPorts;
/** What pages read beside what the ports of tools do. */
type PagePorts = {
  alerts: AlertReader;
  provisioning: ProvisioningLog;
  /** Resolves to the seconds since a worker reported; undefined while one has within two minutes. */
  workerSilence(signal: AbortSignal): Promise<number | undefined>;
};
export type Services = ReturnType<typeof compose>;

/** Composes the web app from its settings: one of each for the life of the process. */
function compose(settings: WebSettings) {
  const { supabase } = settings;
  const defer = (work: () => Promise<void>) => after(work);
  const forms = createCatalog<FormPorts>([...alertTools, ...maintenanceTools, checkService]);
  const host = createHost(settings, { logger, defer, otherNames: forms.names() });
  const { recorder, limiter, service } = host;
  const anonymous = asAnonymous(supabase);

  return {
    settings,
    logger,
    recorder,
    limiter,
    catalog: host.catalog,
    pipeline: host.pipeline,
    recordedNames: host.recordedNames,
    /** Rate limits of every request that is not a call of a tool. */
    limits: createLimits(),
    /** As many as a person has pages open; a browser on HTTP/1.1 has six connections for all of them. */
    streams: createStreamLimit({ perUser: 6, instead: "ask GET /api/services instead" }),
    /** A file of every call is the longest read there is. */
    exports: createStreamLimit({ perUser: 3, instead: "wait for it to end" }),
    refusals: metrics.getMeter("@smarteros/web").createCounter("smarteros.mcp.refusals"),
    /** Changes that forms make: limited and recorded as calls are, whether the tools are on or not. */
    changes: createPipeline<FormPorts>({ enabled: true, catalog: forms, limiter, recorder, defer }),
    verify: sessionVerifier(settings.identity),
    health: healthCheck({
      settings,
      ping: (signal) => ping(anonymous, signal),
      audit: recorder.state,
      lastPass: service && (() => readLastPass(service)),
      workerNotice:
        service &&
        (async (signal) => {
          const silence = await workerSilence(service, signal);
          return silence === undefined ? undefined : silenceNotice(silence);
        }),
    }),
    deepHealth: deepHealthCheck(settings),
    /** Works on due tasks for at most 50 s; undefined without a service key. */
    workDue: service && (() => workDue(service)),
    /** Creates the ports of tools, of forms and of pages and the audit store of a session, on one client. */
    forUser({ token }: Session) {
      const { client, ports, audit } = host.forUser(token);
      const formPorts: FormPorts = {
        alerts: supabaseAlertEditor(client),
        allowsInternalTargets: settings.allowsInternalTargets,
        health: ports.health,
        checklist: supabaseChecklist(client),
      };
      const pagePorts: PagePorts = {
        alerts: supabaseAlertReader(client),
        provisioning: supabaseProvisioningLog(client),
        workerSilence: (signal) => workerSilence(client, signal),
      };
      return { ports, formPorts, pagePorts, audit };
    },
  };
}

/**
 * Works on due tasks as a worker does, for at most 50 s. Resolves to the number of tasks that it took. Rejects with
 * `unavailable` where a vendor's setting is wrong or none is set up.
 */
async function workDue(service: SupabaseClient): Promise<number> {
  // Loaded here alone: no page calls a vendor.
  const { workUntilIdle } = await import("@smarteros/orchestration");
  const { supabaseWorkerParts } = await import("@smarteros/orchestration/supabase");
  const vendors = await parseVendorSettings();
  if (!vendors.ok) {
    logger.error("MISCONFIGURED", { problems: vendors.problems });
    throw new SmarterosError("unavailable", "The settings of a vendor are wrong. The log names them.");
  }
  const parts = supabaseWorkerParts(service, vendors.value);
  if (Object.keys(parts.connectors.configured).length === 0)
    throw new SmarterosError("unavailable", "No vendor is set up in this deployment.");
  return workUntilIdle({ ...parts, logger, deadlineMs: 20_000 }, 25_000);
}

// Routes may be bundled apart from each other; what they share has to live on the process.
const shared = globalThis as { [key: symbol]: Services | "misconfigured" | undefined };
const slot = Symbol.for("smarteros.web.services");

/** The services of this process, or undefined where its settings are wrong; the reasons are in the log. */
export function services(): Services | undefined {
  shared[slot] ??= start();
  return shared[slot] === "misconfigured" ? undefined : shared[slot];
}

/** Returns the services, for an endpoint that needs them. Throws `unavailable`. */
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
