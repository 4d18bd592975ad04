import {
  createCatalog,
  createPipeline,
  createPrincipal,
  type IntentRecord,
  type InvocationRecord,
  type Role,
  uuidv7,
} from "@smarteros/core";
import type { AllowedPath } from "./allowed-paths.ts";
import { createBackend } from "./backend-client.ts";
import { httpProvisioning } from "./http-provisioning.ts";
import type { BackendPorts, ProvisioningPorts } from "./ports.ts";
import { createBackendTools, provisioningTools } from "./tools.ts";

type Ports = BackendPorts & ProvisioningPorts;

const limit = { allowed: true, limit: 30, remaining: 29, resetMs: 60_000 };

/** Puts the tools behind the pipeline that every transport calls, in front of a backend; `records` is what was recorded. */
export function toolsBefore(
  url: string,
  {
    secret,
    deadlineMs,
    paths,
  }: { secret?: string; deadlineMs?: number; paths?: readonly AllowedPath[] } = {},
) {
  const records: InvocationRecord[] = [];
  const intents: IntentRecord[] = [];
  const backend = createBackend({ url, secret, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  const ports: Ports = { backend, provisioning: httpProvisioning(backend) };
  const pipeline = createPipeline<Ports>({
    enabled: true,
    catalog: createCatalog<Ports>([...createBackendTools({ paths }), ...provisioningTools]),
    limiter: { consume: async () => limit, peek: async () => limit },
    recorder: {
      record: async (record) => void records.push(record),
      limited: async () => undefined,
      intend: async (intent) => void intents.push(intent),
    },
    defer: (work) => void work(),
  });
  const invoke = (name: string, args: unknown, role: Role = "admin") =>
    pipeline.invoke({
      name,
      args,
      principal: createPrincipal("user_1", role),
      ports,
      transport: "http",
      requestId: uuidv7(),
    });
  return { records, intents, invoke };
}
