import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { shown } from "../../camel-cased.ts";
import type { ProvisioningPorts } from "../../ports.ts";
import { reconciliation, service } from "../../provisioning.ts";
import { tenantId } from "../../tool-input.ts";

export const reconcileServices = defineTool<ProvisioningPorts>()({
  name: "services.reconcile",
  description:
    "Compare what tenants should have with what their vendors really have; with repair, close what needs no person. Use when a vendor was changed by hand or an outage is over.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z
    .strictObject({
      tenantId: tenantId.optional(),
      vendor: service.optional(),
      repair: z.boolean().default(false).describe("Also close what needs no person."),
      after: z
        .uuid("Not a cursor. It is nextAfter of the page before.")
        .optional()
        .describe("nextAfter of the page before."),
    })
    .refine(({ tenantId, after }) => tenantId === undefined || after === undefined, {
      path: ["after"],
      error: "Only without a tenant: one tenant has one page.",
    }),
  output: shown(reconciliation),
  tenantId: ({ input }) => input.tenantId,

  handler: ({ input, call, ports }) => ports.provisioning.reconcile(input, call),
});
