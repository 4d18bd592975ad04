import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { shown } from "../../camel-cased.ts";
import type { ProvisioningPorts } from "../../ports.ts";
import { run } from "../../provisioning.ts";
import { runId } from "../../tool-input.ts";

export const retryRun = defineTool<ProvisioningPorts>()({
  name: "services.retry",
  description:
    "Go on with a run from its failed steps; what is done stays done. Use when the cause of the failure is mended.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ runId }),
  output: shown(run),
  tenantId: ({ output }) => output?.tenantId,

  handler: ({ input, call, ports }) => ports.provisioning.retry(input.runId, call),
});
