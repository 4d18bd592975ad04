import * as z from "zod";
import type { Subject } from "./connector.ts";
import { type Connectors, connectorSettings, createConnectors } from "./connectors.ts";
import { type Sandbox, startSandboxes } from "./sandbox/index.ts";
import type { Vendor } from "./vendors.ts";

const environment = z.object(connectorSettings);

/** Connectors for settings as they stand in an environment. */
export function connectorsFor(
  given: Record<string, string | undefined>,
  options?: Parameters<typeof createConnectors>[1],
): Required<Connectors["configured"]> {
  const { configured, missing } = createConnectors(environment.parse(given), options);
  if (Object.keys(missing).length > 0) throw new Error(`missing: ${JSON.stringify(missing)}`);
  return configured as Required<Connectors["configured"]>;
}

/** A tenant of nobody else's. */
export function newSubject(change: Partial<Subject> = {}): Subject {
  const tenantId = crypto.randomUUID();
  return { tenantId, businessName: `Los Andes ${tenantId.slice(0, 8)} SpA`, rut: "76086428-5", ...change };
}

/** Five sandboxes and the connectors that reach them. */
export async function startAll() {
  const sandboxes = await startSandboxes();
  return { ...sandboxes, connectors: connectorsFor(sandboxes.settings) };
}

/** What a sandbox holds for a tenant, as `kind`s in order. */
export const heldFor = (sandbox: Sandbox, { tenantId }: Subject) =>
  sandbox
    .resources()
    .filter((resource) => resource.tenantId === tenantId)
    .map(({ kind }) => kind)
    .toSorted();

/** All that a finished tenant has at each vendor. */
export const whole: Record<Vendor, string[]> = {
  chatwoot: ["inbox"],
  botpress: ["bot"],
  odoo: ["company"],
  n8n: ["tag", "workflow"],
  metabase: ["collection", "dashboard"],
};

/** A signal of one who waits as long as it takes. */
export const never = (): AbortSignal => new AbortController().signal;
