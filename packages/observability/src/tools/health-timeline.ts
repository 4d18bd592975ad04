import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { type HealthLog, healthTimeline } from "../health/timeline.ts";

export type HealthPorts = { health: HealthLog };

export const readHealthTimeline = defineTool<HealthPorts>()({
  name: "health.timeline",
  description:
    "Read how services were over days: state now, uptime, latencies, incidents, maintenance. Use to see what is or was down.",
  requires: "read",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    days: z.int().min(1).max(90).default(7).describe("Days that end today (UTC); 1 is told by the hour."),
    service: z.string().min(1).max(100).optional().describe("One service, such as odoo; else all."),
  }),
  output: healthTimeline,

  handler: ({ input, call, ports }) => ports.health.timeline(input, call.signal),
});
