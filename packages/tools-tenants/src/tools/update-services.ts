import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { found } from "../found.ts";
import type { TenantPorts } from "../ports.ts";
import { serviceFlags, tenant, tenantId } from "../tenant.ts";

export const updateServices = defineTool<TenantPorts>()({
  name: "tenants.updateServices",
  description:
    "Switch services of a tenant on or off. Use when a customer adds or drops a service; flags left out stay as they are.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    id: tenantId,
    services: serviceFlags
      .partial()
      .refine(
        (flags) => Object.keys(flags).length > 0,
        `Name at least one of ${Object.keys(serviceFlags.shape).join(", ")}.`,
      ),
  }),
  output: z.object({ tenant }),
  tenantId: ({ input }) => input.id,

  async handler({ input, call, ports }) {
    return { tenant: found(input.id, await ports.tenants.mergeServices(input.id, input.services, call)) };
  },
});
