import { canonicalName, defineTool, SmarterosError } from "@smarteros/core";
import * as z from "zod";
import {
  type CallCounts,
  callSummary,
  type Range,
  ranges,
  summarizeFor,
  timeOf,
} from "../analytics/summary.ts";
import { dateTime } from "./date-time.ts";
import { requireTool, type ToolNamePorts } from "./tool-filter.ts";

export type AnalyticsPorts = { counts: CallCounts } & ToolNamePorts;

const maxPeriodMs = 400 * 86_400_000;

export const summarizeCalls = defineTool<AnalyticsPorts>()({
  name: "analytics.summary",
  description:
    "Sum up tool calls of a time: how many, error rate, p50/p95/p99 in ms, over time, by tool, user and tenant. Use to find slow or failing tools.",
  requires: "read",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    range: z
      .enum(Object.keys(ranges) as [Range, ...Range[]])
      .default("24h")
      .describe("Up to now; not used with from."),
    from: dateTime.optional(),
    to: dateTime.optional().describe("Excluded; now where it is left out."),
    tool: z.string().min(1).max(200).optional(),
    user: z.string().min(1).max(255).optional().describe("Of one caller; not with tenantId."),
    tenantId: z.uuid().optional(),
  }),
  output: callSummary,

  async handler({ input: { range, from, to, tool: given, user, tenantId }, call, ports }) {
    const tool = given && canonicalName(given);
    const until = to === undefined ? Date.now() : Date.parse(to);
    const since = Date.parse(from ?? timeOf(range, until).from);
    if (since >= until) throw invalid("from", "must be before to");
    if (until - since > maxPeriodMs) throw invalid("from", "must be 400 days before to at most");
    if (user !== undefined && tenantId !== undefined)
      throw invalid("tenantId", "cannot be asked together with user");
    const question = { from: new Date(since).toISOString(), to: new Date(until).toISOString(), tool };
    const asked = { ...question, user, tenantId };
    const summary = await summarizeFor(call.principal, ports.counts, asked, call.signal);
    if (given && summary.total.calls + summary.total.limited === 0) requireTool(given, ports);
    return summary;
  },
});

function invalid(path: string, problem: string) {
  return new SmarterosError("invalid_input", `${path} ${problem}.`, {
    issues: [{ path, message: problem }],
  });
}
