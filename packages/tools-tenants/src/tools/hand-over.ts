import { defineTool, SmarterosError } from "@smarteros/core";
import * as z from "zod";
import type { TenantPorts } from "../ports.ts";
import { tenantId } from "../tenant.ts";

const owner = z.string().trim().min(1).max(255);

export const handOverTenants = defineTool<TenantPorts>()({
  name: "tenants.handOver",
  description:
    "Give tenants of one owner to another. Use when a person leaves. With dryRun, the default, it only shows which.",
  requires: "admin",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    from: owner.describe("User id of the owner."),
    to: owner.describe("User id of the new owner."),
    tenantIds: z.array(tenantId).min(1).max(500).optional().describe("Which; instead of all."),
    all: z.literal(true).optional().describe("All of the owner's tenants, also deleted ones."),
    dryRun: z.boolean().default(true),
  }),
  output: z.object({
    dryRun: z.boolean(),
    /** Ids of the tenants that change hands. */
    handedOver: z.array(z.string()),
    /** Ids of those that stay, because the new owner has an active tenant with their RUT. */
    conflicts: z.array(z.string()),
    /** Ids that are no tenant of the owner. */
    notFound: z.array(z.string()),
    /** True where there are more than 500: call again. */
    more: z.boolean(),
  }),

  async handler({ input: { from, to, tenantIds, all, dryRun }, call, ports }) {
    if ((tenantIds === undefined) === (all === undefined))
      throw invalid("tenantIds", "give either tenantIds or all: true");
    if (from === to) throw invalid("to", "must be another owner than from");
    return { dryRun, ...(await ports.tenants.handOver({ from, to, tenantIds, dryRun }, call)) };
  },
});

function invalid(path: string, message: string) {
  return new SmarterosError("invalid_input", `${path}: ${message}.`, { issues: [{ path, message }] });
}
