import { defineTool, SmarterosError } from "@smarteros/core";
import type { HealthLog } from "@smarteros/observability";
import * as z from "zod";

export type WindowChangePorts = { health: HealthLog };

const change = defineTool<WindowChangePorts>();
const kept = {
  requires: "admin",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
} as const;
const ofWindow = z.strictObject({ id: z.uuid() });

/** What an administrator may change of maintenance: run by a pipeline, as every call is, but in no list of tools. */
export const windowChanges = [
  change({
    ...kept,
    name: "health.announceMaintenance",
    description:
      "Announce a time in which a service, or all of them, may fail without its being counted or told.",
    input: z.strictObject({
      service: z.string().min(1).max(100).optional(),
      from: z.iso.datetime({ offset: true }),
      to: z.iso.datetime({ offset: true }),
      reason: z.string().trim().min(1).max(500),
    }),
    output: ofWindow,
    handler: async ({ input, ports: { health }, call }) => ({
      id: await health.createWindow(input, call.signal),
    }),
  }),
  change({
    ...kept,
    name: "health.endMaintenance",
    description: "End a maintenance window now, or call it off where it has not begun.",
    input: ofWindow,
    output: ofWindow,
    async handler({ input: { id }, ports: { health }, call }) {
      if (!(await health.endWindow(id, call.signal)))
        throw new SmarterosError("not_found", "There is no such maintenance window to end.");
      return { id };
    },
  }),
];
