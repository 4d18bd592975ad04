import { defineTool, SmarterosError } from "@smarteros/core";
import * as z from "zod";
import type { HealthPorts } from "./health-timeline.ts";

const define = defineTool<HealthPorts>();
const admin = {
  requires: "admin",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
} as const;
const windowId = z.strictObject({ id: z.uuid() });

/** Changes that an administrator makes to maintenance windows. They run through the pipeline, but no catalog lists them. */
export const maintenanceTools = [
  define({
    ...admin,
    name: "health.announceMaintenance",
    description:
      "Announce a time in which a service, or all of them, may fail without its being counted or told.",
    input: z.strictObject({
      service: z.string().min(1).max(100).optional(),
      from: z.iso.datetime({ offset: true }),
      to: z.iso.datetime({ offset: true }),
      reason: z.string().trim().min(1).max(500),
    }),
    output: windowId,
    handler: async ({ input, ports: { health }, call }) => ({
      id: await health.createWindow(input, call.signal),
    }),
  }),
  define({
    ...admin,
    name: "health.endMaintenance",
    description: "End a maintenance window now, or call it off where it has not begun.",
    input: windowId,
    output: windowId,
    async handler({ input: { id }, ports: { health }, call }) {
      if (!(await health.endWindow(id, call.signal)))
        throw new SmarterosError("not_found", "There is no such maintenance window to end.");
      return { id };
    },
  }),
];
