import { defineTool } from "@smarteros/core";
import { shown } from "../../camel-cased.ts";
import type { ProvisioningPorts } from "../../ports.ts";
import { changedRun, runChoice } from "../../run-choice.ts";

export const retryRun = defineTool<ProvisioningPorts>()({
  name: "services.retry",
  description:
    "Go on with a run from its failed steps; what is done stays done. With a filter, all runs that failed so. Use when the cause of the failure is mended.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: runChoice,
  output: shown(changedRun),
  tenantId: ({ output }) => output?.tenantId,

  handler: ({ input: { runId, filter = {}, dryRun }, call, ports }) =>
    runId === undefined
      ? ports.provisioning.retryMatching({ ...filter, dryRun }, call)
      : ports.provisioning.retry(runId, call),
});
