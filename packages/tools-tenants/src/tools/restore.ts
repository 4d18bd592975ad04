import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { found } from "../found.ts";
import type { TenantPorts } from "../ports.ts";
import { tenant, tenantId } from "../tenant.ts";

export const restoreTenant = defineTool<TenantPorts>()({
  name: "tenants.restore",
  description: "Bring a deleted tenant back. Use when a deletion was a mistake or the customer returns.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ id: tenantId }),
  output: z.object({ tenant }),
  tenantId: ({ input }) => input.id,

  async handler({ input, call, ports }) {
    return { tenant: found(input.id, await ports.tenants.restore(input.id, call)) };
  },
});
