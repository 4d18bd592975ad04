import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { camelCased } from "../../camel-cased.ts";
import type { ProvisioningPorts } from "../../ports.ts";
import { plan, run, services } from "../../provisioning.ts";
import { tenantId } from "../../tool-input.ts";

export const provisionServices = defineTool<ProvisioningPorts>()({
  name: "services.provision",
  description:
    "Set services of a tenant up at their vendors; answers at once with a run. Use to create or repair them, with dryRun to see the plan first.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    tenantId,
    services,
    dryRun: z.boolean().default(false).describe("Only answer what would be done."),
    createNew: z
      .boolean()
      .default(false)
      .describe("Also where a service is held after an upgrade. Only when told that there is none to adopt."),
  }),
  output: z
    .union([run, plan])
    .transform((response) =>
      response.run_id === null
        ? { runId: null, status: response.status, steps: [], plan: camelCased(response.steps) }
        : camelCased(response),
    ),
  tenantId: ({ input }) => input.tenantId,

  handler({ input: { dryRun, createNew, ...request }, call, ports }) {
    if (dryRun) return ports.provisioning.plan(request, call);
    return ports.provisioning.provision({ ...request, createNew }, call);
  },
});
