import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { camelCased } from "../../camel-cased.ts";
import type { BackendPorts } from "../../ports.ts";
import { plan, run, services } from "../../provisioning.ts";
import { tenantId } from "../../tool-input.ts";

export const provisionServices = defineTool<BackendPorts>()({
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

  handler({ input, call, ports }) {
    const { tenantId: tenant_id, services, dryRun: dry_run, createNew } = input;
    // A backend of an earlier release does not know it.
    const creation = createNew ? { create_new: true } : {};
    const body = { tenant_id, services, requested_by: call.principal.userId, dry_run, ...creation };
    const request = { method: "POST", path: "/services/provision", body } as const;
    if (dry_run) return ports.backend.fetch({ ...request, response: plan, matches: () => true }, call);
    const matches = (response: z.infer<typeof run>) => response.tenant_id === tenant_id;
    return ports.backend.fetch({ ...request, response: run, matches }, call);
  },
});
