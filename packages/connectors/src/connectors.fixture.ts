import * as z from "zod";
import type { Connector, Subject } from "./connector.ts";
import { type Connectors, connectorSettings, createConnectors } from "./connectors.ts";
import { startCreation } from "./creation.ts";
import { type Ensured, ensure } from "./ensure.ts";
import { type Sandbox, startSandboxes } from "./sandbox/index.ts";
import { memoryIntents } from "./testing.ts";
import type { Vendor } from "./vendors.ts";

const environment = z.object(connectorSettings);

/** Creates connectors from environment settings. */
export function connectorsFor(
  given: Record<string, string | undefined>,
  options?: Parameters<typeof createConnectors>[1],
): Required<Connectors["configured"]> {
  const { configured, missing } = createConnectors(environment.parse(given), options);
  if (Object.keys(missing).length > 0) throw new Error(`missing: ${JSON.stringify(missing)}`);
  return configured as Required<Connectors["configured"]>;
}

/** Returns a new tenant, unique per call. */
export function newSubject(change: Partial<Subject> = {}): Subject {
  const tenantId = crypto.randomUUID();
  return { tenantId, businessName: `Los Andes ${tenantId.slice(0, 8)} SpA`, rut: "76086428-5", ...change };
}

/** Starts all sandboxes and creates their connectors. */
export async function startAll() {
  const sandboxes = await startSandboxes();
  return { ...sandboxes, connectors: connectorsFor(sandboxes.settings) };
}

/** Returns the sorted kinds of a tenant's resources in a sandbox. */
export const heldFor = (sandbox: Sandbox, { tenantId }: Subject) =>
  sandbox
    .resources()
    .filter((resource) => resource.tenantId === tenantId)
    .map(({ kind }) => kind)
    .toSorted();

/** Kinds of resources of a completely provisioned tenant at each vendor. */
export const whole: Record<Vendor, string[]> = {
  chatwoot: ["inbox"],
  botpress: ["bot"],
  odoo: ["company"],
  n8n: ["tag", "workflow"],
  metabase: ["collection", "dashboard"],
};

/** Returns a signal that never aborts. */
export const never = (): AbortSignal => new AbortController().signal;

/** Ensures a resource without an intent of an earlier attempt. */
export const ensureOnce = <Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  signal: AbortSignal,
): Promise<Ensured<Of>> => ensure(connector, subject, { signal, intents: memoryIntents() });

/** Creates a resource directly, without an intent. */
export const createDirectly = (connector: Connector, subject: Subject, signal: AbortSignal) =>
  connector.create(subject, signal, startCreation({ begin: async () => undefined }).creation);
