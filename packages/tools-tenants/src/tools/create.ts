import { defineTool } from "@smarteros/core";
import * as z from "zod";
import type { TenantPorts } from "../ports.ts";
import { rut } from "../rut.ts";
import { serviceFlags, tenant } from "../tenant.ts";
import { businessName } from "./business-name.ts";

export const createTenant = defineTool<TenantPorts>()({
  name: "tenants.create",
  description:
    "Create a tenant for a Chilean business. Use when an operator onboards a new customer. " +
    "Ask for the RUT if it was not given; never invent one.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    rut,
    businessName,
    services: serviceFlags.partial().optional().describe("Services to switch on from the start."),
  }),
  output: z.object({ tenant }),
  tenantId: ({ output }) => output?.tenant.id,

  async handler({ input, call, ports }) {
    return { tenant: await ports.tenants.create(input, call) };
  },
});
