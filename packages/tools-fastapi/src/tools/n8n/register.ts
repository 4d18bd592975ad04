import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { shown } from "../../camel-cased.ts";
import type { ProvisioningPorts } from "../../ports.ts";
import { registration, webhookPath, workflowName } from "../../provisioning.ts";
import { tenantId } from "../../tool-input.ts";

export const registerWorkflow = defineTool<ProvisioningPorts>()({
  name: "n8n.register",
  description:
    "Register the webhook of a workflow for a tenant under a name, or move the name to another. Use before it is to be run by that name.",
  requires: "admin",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    tenantId,
    workflow: workflowName.describe("Its name among the tenant's."),
    path: webhookPath.describe("Path below /webhook/ in n8n."),
  }),
  output: shown(registration),
  tenantId: ({ input }) => input.tenantId,

  handler: ({ input, call, ports }) => ports.provisioning.register(input, call),
});
