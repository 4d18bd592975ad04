import { defineTool } from "@smarteros/core";
import * as z from "zod";
import type { BackendPorts } from "../../ports.ts";
import { payload, triggerResponse, workflowName } from "../../provisioning.ts";
import { tenantId } from "../../tool-input.ts";

/** The backend gives a workflow 25 s, and needs time for its own queries. */
const deadlineMs = 35_000;

export const triggerWorkflow = defineTool<BackendPorts>()({
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

  handler({ input, call, ports }) {
    const { tenantId: tenant_id, workflow, payload = {} } = input;
    // The id of the call's record: a delivery can be traced from n8n to its caller.
    const delivery_id = call.invocationId;
    return ports.backend.fetch(
      {
        method: "POST",
        path: "/n8n/workflow",
        body: { tenant_id, workflow, payload, delivery_id },
        response: triggerResponse,
        matches: (response) => response.delivery_id === delivery_id,
        deadlineMs,
      },
      call,
    );
  },
});
