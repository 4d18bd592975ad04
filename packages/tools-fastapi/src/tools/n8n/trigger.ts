import { defineTool } from "@smarteros/core";
import * as z from "zod";
import type { ProvisioningPorts } from "../../ports.ts";
import { payload, triggerResponse, workflowName } from "../../provisioning.ts";
import { tenantId } from "../../tool-input.ts";

export const triggerWorkflow = defineTool<ProvisioningPorts>()({
  name: "n8n.trigger",
  description:
    "Run a workflow that is registered for a tenant and answer what it answers. Use to start an automation by its name.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    tenantId,
    workflow: workflowName.describe("Its name among the tenant's."),
    payload: payload.optional().describe("A JSON object for the workflow."),
  }),
  output: triggerResponse.transform(({ status, data, delivery_id }) => ({
    status,
    data,
    deliveryId: delivery_id,
  })),
  tenantId: ({ input }) => input.tenantId,

  handler({ input: { payload = {}, ...request }, call, ports }) {
    // The id of the call's record: a delivery can be traced from n8n to its caller.
    return ports.provisioning.trigger({ ...request, payload, deliveryId: call.invocationId }, call);
  },
});
