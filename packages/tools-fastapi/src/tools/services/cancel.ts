import { defineTool } from "@smarteros/core";
import { shown } from "../../camel-cased.ts";
import type { ProvisioningPorts } from "../../ports.ts";
import { changedRun, runChoice } from "../../run-choice.ts";

export const cancelRun = defineTool<ProvisioningPorts>()({
  name: "services.cancel",
  description:
    "Stop an open run and undo what it made itself, in reverse order. With a filter, all open runs that match. Use when runs were started by mistake.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: runChoice,
  output: shown(changedRun),
  tenantId: ({ output }) => output?.tenantId,

  handler: ({ input: { runId, filter = {}, dryRun }, call, ports }) =>
    runId === undefined
      ? ports.provisioning.cancelMatching({ ...filter, dryRun }, call)
      : ports.provisioning.cancel(runId, call),
});
