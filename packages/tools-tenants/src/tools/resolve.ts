import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { found } from "../found.ts";
import type { TenantPorts } from "../ports.ts";
import { rut } from "../rut.ts";
import { serviceFlags, tenant, tenantId } from "../tenant.ts";
import { businessName } from "./business-name.ts";

export const resolveTenant = defineTool<TenantPorts>()({
  name: "tenants.resolve",
  description:
    "Make a tenant of a row in review, with corrected values. Use after an upgrade; ask for the RUT, never invent one.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    tenantId,
    rut: rut.optional(),
    businessName: businessName.optional(),
    services: serviceFlags.partial().optional().describe("Services it is to have; the others as they were."),
  }),
  output: z.object({ tenant }),
  tenantId: ({ input }) => input.tenantId,

  async handler({ input: { tenantId: id, ...corrected }, call, ports }) {
    return { tenant: found(id, await ports.tenants.resolve(id, corrected, call)) };
  },
});
