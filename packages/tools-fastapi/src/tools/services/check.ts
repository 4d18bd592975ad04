import { defineTool, SmarterosError } from "@smarteros/core";
import * as z from "zod";
import type { ChecklistPorts } from "../../ports.ts";
import { service } from "../../provisioning.ts";
import { checklistItems } from "../../provisioning-states.ts";
import { tenantId } from "../../tool-input.ts";

const checked = z.strictObject({ tenantId, service, item: z.enum(checklistItems), done: z.boolean() });

/** Ticks what a person did at a vendor. It runs through the pipeline, but no catalog lists it. */
export const checkService = defineTool<ChecklistPorts>()({
  name: "services.check",
  description: "Tick an item of the checklist of a tenant's service as done, or untick it.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: checked,
  output: checked,
  tenantId: ({ input }) => input.tenantId,

  async handler({ input, call, ports }) {
    if (!(await ports.checklist.check(input, call.signal)))
      throw new SmarterosError("not_found", "There is no such item for an active tenant that you may see.");
    return input;
  },
});
