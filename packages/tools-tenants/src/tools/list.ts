import { defineTool, SmarterosError } from "@smarteros/core";
import { cursorAfter, pageOf, positionOf } from "@smarteros/core/cursor";
import * as z from "zod";
import type { TenantPorts } from "../ports.ts";
import { printable, tenantInReview, tenantSummary } from "../tenant.ts";

export const listTenants = defineTool<TenantPorts>()({
  name: "tenants.list",
  description:
    "List tenants, newest first. Use to find a tenant's id by name or RUT, or to see which businesses there are.",
  requires: "read",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    limit: z.int().min(1).max(100).default(50).describe("Tenants per page."),
    cursor: z.string().max(200).optional().describe("nextCursor of the page before."),
    includeInactive: z.boolean().default(false).describe("Also deleted tenants."),
    search: z
      .string()
      .trim()
      .max(120)
      .regex(printable, "Search for text that shows.")
      .optional()
      .describe("Part of the name or of the RUT."),
    review: z
      .boolean()
      .default(false)
      .describe(
        "Instead, the rows of an upgrade that break a rule and are no tenants yet, with their problems.",
      ),
  }),
  output: z.object({
    tenants: z.array(tenantSummary.extend({ problems: tenantInReview.shape.problems.optional() })),
    nextCursor: z.string().optional(),
  }),

  async handler({ input: { cursor, limit, review, ...query }, call, ports }) {
    const after = cursor === undefined ? undefined : positionOf(cursor, "tenants.list");
    if (review && query.search !== undefined) throw notTogether();
    const rows = review
      ? await ports.tenants.listInReview({ after, limit: limit + 1 }, call)
      : await ports.tenants.list({ ...query, after, limit: limit + 1 }, call);
    const { page: tenants, ...next } = pageOf(rows, limit, ({ created_at: createdAt, id }) =>
      cursorAfter({ createdAt, id }),
    );
    return { tenants, ...next };
  },
});

function notTogether() {
  const message = "Cannot be combined with review. Leave it out.";
  return new SmarterosError("invalid_input", `search: ${message}`, { issues: [{ path: "search", message }] });
}
