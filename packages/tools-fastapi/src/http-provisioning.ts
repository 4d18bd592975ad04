import { type Call, SmarterosError } from "@smarteros/core";
import { failedToConnect } from "@smarteros/core/failed-to-connect";
import type * as z from "zod";
import type { Backend, FixedRequest, Provisioning } from "./ports.ts";
import * as wire from "./provisioning.ts";
import { mayHaveRun } from "./request-refusals.ts";

type Filter = Parameters<Provisioning["retryMatching"]>[0];
const without = ({ dryRun: _, ...filter }: Filter) => filter;

/** A workflow has 25 s, and the backend needs time for its own queries. */
const triggerDeadlineMs = 35_000;

/** Requests provisioning of a backend of SmarterOS (SMARTEROS_BACKEND_URL), which is not trusted to respond about the request. */
export function httpProvisioning(backend: Backend): Provisioning {
  const ofRun = (runId: string, verb: "retry" | "cancel") =>
    ({
      method: "POST",
      path: `/services/runs/${runId}/${verb}`,
      response: wire.run,
      matches: (run: z.output<typeof wire.run>) => run.run_id === runId,
    }) satisfies FixedRequest;

  const matching = (verb: "retry" | "cancel") => (filter: Filter, call: Call) =>
    backend.fetch(
      {
        method: "POST",
        path: `/services/runs/${verb}`,
        body: { filter: without(filter), dry_run: filter.dryRun },
        response: wire.changedRuns,
        matches: () => true,
      },
      call,
    );

  return {
    provision({ tenantId, services, createNew }, call) {
      // A backend of an earlier release does not know create_new.
      const creation = createNew ? { create_new: true } : {};
      const requested_by = call.principal.userId;
      return backend.fetch(
        {
          method: "POST",
          path: "/services/provision",
          body: { tenant_id: tenantId, services, requested_by, dry_run: false, ...creation },
          response: wire.run,
          matches: (run) => run.tenant_id === tenantId,
        },
        call,
      );
    },

    plan({ tenantId, services }, call) {
      const requested_by = call.principal.userId;
      return backend.fetch(
        {
          method: "POST",
          path: "/services/provision",
          body: { tenant_id: tenantId, services, requested_by, dry_run: true },
          response: wire.plan,
          matches: () => true,
        },
        call,
      );
    },

    status: (tenantId, call) =>
      backend.fetch(
        {
          method: "GET",
          path: "/services/status",
          query: { tenant_id: tenantId },
          response: wire.tenantStatus,
          matches: (status) => status.tenant_id === tenantId,
        },
        call,
      ),

    retry: (runId, call) => backend.fetch(ofRun(runId, "retry"), call),
    cancel: (runId, call) => backend.fetch(ofRun(runId, "cancel"), call),

    retryMatching: matching("retry"),
    cancelMatching: matching("cancel"),

    reconcile: ({ tenantId, vendor, repair, after }, call) =>
      backend.fetch(
        {
          method: "POST",
          path: "/services/reconcile",
          body: { tenant_id: tenantId, service: vendor, repair, after },
          response: wire.reconciliation,
          matches: ({ differences }) =>
            tenantId === undefined || differences.every((one) => one.tenant_id === tenantId),
        },
        call,
      ),

    adopt: ({ tenantId, service, externalId }, call) =>
      backend.fetch(
        {
          method: "POST",
          path: "/services/adopt",
          body: { tenant_id: tenantId, service, external_id: externalId },
          response: wire.adoption,
          matches: (adopted) => adopted.tenant_id === tenantId && adopted.service === service,
        },
        call,
      ),

    remove: ({ tenantId, services }, call) =>
      backend.fetch(
        {
          method: "POST",
          path: "/services/remove",
          body: { tenant_id: tenantId, services },
          response: wire.run,
          matches: (run) => run.tenant_id === tenantId,
        },
        call,
      ),

    trigger: ({ tenantId, workflow, payload, deliveryId }, call) =>
      backend
        .fetch(
          {
            method: "POST",
            path: "/n8n/workflow",
            body: { tenant_id: tenantId, workflow, payload, delivery_id: deliveryId },
            response: wire.triggerResponse,
            matches: (response) => response.delivery_id === deliveryId,
            deadlineMs: triggerDeadlineMs,
          },
          call,
        )
        .catch((thrown) => {
          throw isUncertain(thrown) ? mayHaveRun(thrown.code, thrown.details, thrown) : thrown;
        }),

    register: ({ tenantId, workflow, path }, call) =>
      backend.fetch(
        {
          method: "PUT",
          path: "/n8n/workflow",
          body: { tenant_id: tenantId, workflow, path },
          response: wire.registration,
          matches: (response) => response.tenant_id === tenantId && response.workflow === workflow,
        },
        call,
      ),
  };
}

/** Returns whether the backend may have called the workflow: it broke off, was late, or its response cannot be used. */
function isUncertain(thrown: unknown): thrown is SmarterosError {
  if (!SmarterosError.isInstance(thrown) || thrown.details.service !== "backend") return false;
  if (failedToConnect(thrown.cause)) return false;
  const { upstreamStatus: status } = thrown.details;
  return typeof status !== "number" || status < 300 || status >= 500;
}
