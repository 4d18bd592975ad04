import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { found } from "../found.ts";
import type { TenantPorts } from "../ports.ts";
import { tenant, tenantId } from "../tenant.ts";

export const deleteTenant = defineTool<TenantPorts>()({
  name: "tenants.delete",
  description:
    "Delete a tenant softly: it is marked inactive and can be restored. Use only when asked to delete that business.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    id: tenantId,
    deprovision: z
      .boolean()
      .default(false)
      .describe("Also switch its services off at their vendors; nothing is removed there."),
  }),
  output: z.object({ tenant }),
  tenantId: ({ input }) => input.id,

  async handler({ input: { id, deprovision }, call, ports }) {
    return { tenant: found(id, await ports.tenants.delete(id, { deprovision }, call)) };
  },
});
