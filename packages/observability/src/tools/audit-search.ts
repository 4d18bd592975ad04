import { canonicalName, defineTool } from "@smarteros/core";
import { cursorAfter, pageOf, positionOf } from "@smarteros/core/cursor";
import * as z from "zod";
import { type CallLog, recordedCall } from "../audit/call.ts";
import { dateTime } from "./date-time.ts";
import { requireTool, type ToolNamePorts } from "./tool-filter.ts";

export type AuditPorts = { calls: CallLog } & ToolNamePorts;

export const searchAudit = defineTool<AuditPorts>()({
  name: "audit.search",
  description:
    "Search the audit log, newest first. Use to find who called what, with which arguments and what came of it.",
  requires: "audit",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    user: z.string().min(1).max(255).optional().describe("Id of who called."),
    tool: z.string().min(1).max(200).optional().describe("A tool's name, as it is listed."),
    tenantId: z.uuid().optional(),
    status: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,63}$/, "ok, failed, error, outcome_unknown or an error code")
      .optional()
      .describe(
        "ok, failed, error (failed, but not over the limit), outcome_unknown, or a code such as forbidden.",
      ),
    requestId: z.string().min(1).max(200).optional(),
    from: dateTime.optional(),
    to: dateTime.optional().describe("Excluded."),
    limit: z.int().min(1).max(100).default(20).describe("Calls per page."),
    cursor: z.string().max(200).optional().describe("nextCursor of the page before."),
  }),
  output: z.object({ calls: z.array(recordedCall), nextCursor: z.string().optional() }),

  async handler({ input: { limit, cursor, tool, ...others }, call, ports }) {
    const filters = { ...others, tool: tool && canonicalName(tool) };
    const after = cursor === undefined ? undefined : positionOf(cursor, "audit.search");
    const rows = await ports.calls.search(filters, { limit: limit + 1, after }, call.signal);
    if (tool && rows.length === 0) requireTool(tool, ports);
    const { page, ...next } = pageOf(rows, limit, ({ at, id }) => cursorAfter({ createdAt: at, id }));
    return { calls: page, ...next };
  },
});
