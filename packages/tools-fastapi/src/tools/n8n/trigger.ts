import { defineTool } from "@smarteros/core";
import * as z from "zod";
import type { ProvisioningPorts } from "../../ports.ts";
import { deliveryId, payload, triggerResponse, workflowName } from "../../provisioning.ts";
import { tenantId } from "../../tool-input.ts";

export const triggerWorkflow = defineTool<ProvisioningPorts>()({
  name: "n8n.trigger",
  description:
    "Run a workflow that is registered for a tenant once, and return its HTTP status and body, also of a failure. Use to start an automation by its name.",
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    tenantId,
    workflow: workflowName.describe("Its name among the tenant's."),
    payload: payload.optional().describe("A JSON object for the workflow."),
    deliveryId: deliveryId
      .optional()
      .describe("Sent as webhook-id. Only to repeat a delivery, which the workflow can then detect."),
  }),
  output: triggerResponse.transform(({ delivery_id, ...response }) => ({
    ...response,
    deliveryId: delivery_id,
  })),
  tenantId: ({ input }) => input.tenantId,

  handler({ input, call, ports }) {
    // By default the id of the call's record: a delivery can be traced from n8n to its caller.
    const { payload = {}, deliveryId = call.invocationId, ...request } = input;
    return ports.provisioning.trigger({ ...request, payload, deliveryId }, call);
  },
});
