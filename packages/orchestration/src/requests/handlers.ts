import type { Vendor } from "@smarteros/connectors";
import { type Logger, SmarterosError } from "@smarteros/core";
import { type ClaimedTask, type Handler, TaskError } from "@smarteros/queue";
import { adoptRequest, triggerRequest } from "@smarteros/tools-fastapi/provisioning";
import * as z from "zod";
import { planSteps } from "../plan.ts";
import type { Installation, ProvisionedTenant, ProvisioningStore } from "../ports.ts";
import { serializeHealth, serializePlannedStep } from "../serialize.ts";
import { adoptService } from "./adopt.ts";
import { compareServices } from "./compare.ts";
import { vendorFailure } from "./vendor-failure.ts";
import { vendorHealth } from "./vendor-health.ts";

type Parts = { store: ProvisioningStore; connectors: Installation; logger: Logger };

const planPayload = z.object({ vendors: adoptRequest.shape.service.array() });
const adoptPayload = z.object({
  vendor: adoptRequest.shape.service,
  external_id: adoptRequest.shape.external_id,
});
const reconcilePayload = z.object({
  vendor: adoptRequest.shape.service.nullable(),
  owner: z.string().nullable(),
  after: z.string().nullable(),
  repair: z.boolean(),
});
const triggerPayload = z.object({
  path: z.string(),
  payload: z.unknown(),
  delivery_id: triggerRequest.shape.delivery_id,
});

/**
 * Makes the handlers of tasks whose requester waits for the result: a plan, an adoption, a comparison, a call of a workflow, the
 * health of the vendors. Results have the shapes of `@smarteros/tools-fastapi/provisioning`; a failure has the code and the message of a
 * `SmarterosError`, and is not tried again.
 */
export function requestHandlers({ store, connectors, logger }: Parts): Record<string, Handler> {
  const health = vendorHealth(connectors);

  async function tenantOf({ tenantId }: ClaimedTask): Promise<ProvisionedTenant> {
    const tenant = await store.tenant(tenantId ?? "");
    if (!tenant) throw new SmarterosError("not_found", "The tenant is gone.");
    return tenant;
  }

  const handlers: Record<string, Handler> = {
    async plan(task, { signal }) {
      const { vendors } = planPayload.parse(task.payload);
      const steps = await planSteps(connectors, await tenantOf(task), vendors, signal);
      return { result: { run_id: null, status: "planned", steps: steps.map(serializePlannedStep) } };
    },

    async adopt(task, { signal }) {
      const { vendor, external_id: externalId } = adoptPayload.parse(task.payload);
      const adoption = { tenant: await tenantOf(task), vendor, externalId, signal };
      const { id, name, state } = await adoptService({ store, connectors: connectors.configured }, adoption);
      const external_id = String(id);
      return { result: { tenant_id: adoption.tenant.id, service: vendor, external_id, name, state } };
    },

    async trigger(task, { signal }) {
      const { path, payload, delivery_id: deliveryId } = triggerPayload.parse(task.payload);
      const { n8n } = connectors.configured;
      if (!n8n) throw notConfigured("n8n", connectors.missing.n8n);
      const delivery = { tenantId: (await tenantOf(task)).id, path, deliveryId, payload };
      return { result: await n8n.trigger(delivery, signal) };
    },

    async reconcile({ tenantId, payload }, { signal }) {
      const { owner, vendor, after, repair } = reconcilePayload.parse(payload);
      const request = {
        tenantId: tenantId ?? undefined,
        owner: owner ?? undefined,
        vendor: vendor ?? undefined,
        after: after ?? undefined,
        repair,
      };
      return { result: await compareServices({ store, connectors, logger }, request, signal) };
    },

    async health() {
      const seen = Object.entries(await health());
      return {
        result: Object.fromEntries(seen.map(([vendor, one]) => [vendor, one && serializeHealth(one)])),
      };
    },
  };
  return Object.fromEntries(Object.entries(handlers).map(([kind, handler]) => [kind, answering(handler)]));
}

/** Converts the errors that were written for a caller to failures of the task. */
function answering(handler: Handler): Handler {
  return (task, context) =>
    handler(task, context).catch((thrown) => {
      const failure = vendorFailure(thrown);
      if (!SmarterosError.isInstance(failure)) throw thrown;
      const { code, message } = failure;
      throw new TaskError({ problem: { code, message }, retry: false }, { cause: thrown });
    });
}

/** Creates the error for a vendor that this worker cannot call, with the names of the settings that are missing. */
function notConfigured(vendor: Vendor, missing: readonly string[] = []): SmarterosError {
  return new SmarterosError(
    "unavailable",
    `${vendor} is not set up at the worker: ${missing.join(", ")} missing.`,
  );
}
