import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { shown } from "../../camel-cased.ts";
import type { ProvisioningPorts } from "../../ports.ts";
import { run } from "../../provisioning.ts";
import { runId } from "../../tool-input.ts";

export const cancelRun = defineTool<ProvisioningPorts>()({
  name: "services.cancel",
  description:
    "Stop an open run and undo what it made itself, in reverse order. Use when a run was started by mistake.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ runId }),
  output: shown(run),
  tenantId: ({ output }) => output?.tenantId,

  handler: ({ input, call, ports }) => ports.provisioning.cancel(input.runId, call),
});
