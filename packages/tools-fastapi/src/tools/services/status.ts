import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { shown } from "../../camel-cased.ts";
import type { ProvisioningPorts } from "../../ports.ts";
import { tenantStatus } from "../../provisioning.ts";
import { tenantId } from "../../tool-input.ts";

export const serviceStatus = defineTool<ProvisioningPorts>()({
  name: "services.status",
  description:
    "Show how each service of a tenant stands: state, health, last error and open runs. Use to see whether a run is done, and why not.",
  requires: "read",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ tenantId }),
  output: shown(tenantStatus),
  tenantId: ({ input }) => input.tenantId,

  handler: ({ input, call, ports }) => ports.provisioning.status(input.tenantId, call),
});
