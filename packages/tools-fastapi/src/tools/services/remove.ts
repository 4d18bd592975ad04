import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { shown } from "../../camel-cased.ts";
import type { ProvisioningPorts } from "../../ports.ts";
import { run, services } from "../../provisioning.ts";
import { tenantId } from "../../tool-input.ts";

export const removeServices = defineTool<ProvisioningPorts>()({
  name: "services.remove",
  description:
    "Remove a deleted tenant's services at their vendors, for good, once its days of grace are over. Use only when asked to remove that data.",
  requires: "admin",
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({ tenantId, services }),
  output: shown(run),
  tenantId: ({ input }) => input.tenantId,

  handler: ({ input, call, ports }) => ports.provisioning.remove(input, call),
});
