import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { found } from "../found.ts";
import type { TenantPorts } from "../ports.ts";
import { tenant, tenantId } from "../tenant.ts";

export const getTenant = defineTool<TenantPorts>()({
  name: "tenants.get",
  description: "Get one tenant with its services and their external ids. Use when the tenant's id is known.",
  requires: "read",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ id: tenantId }),
  output: z.object({ tenant }),
  tenantId: ({ input }) => input.id,

  async handler({ input, call, ports }) {
    return { tenant: found(input.id, await ports.tenants.find(input.id, call)) };
  },
});
