import * as z from "zod";
import type { Connector, ResourceId, Subject } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import { type Connectors, connectorSettings, createConnectors } from "./connectors.ts";
import { startCreation } from "./creation.ts";
import { type Ensured, ensure } from "./ensure.ts";
import type { Intents } from "./intents.ts";
import { type Sandbox, startSandboxes } from "./sandbox/index.ts";
import { memoryIntents } from "./testing.ts";
import { Unsettled } from "./unsettled.ts";
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
export async function startAll(options?: Parameters<typeof startSandboxes>[0]) {
  const sandboxes = await startSandboxes(options);
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

/** Creates a clock that stands still between calls of `pass`. */
export function virtualClock() {
  let time = Date.parse("2026-01-05T10:00:00.000Z");
  let coming: { at: number; effect: () => Promise<unknown> }[] = [];
  return {
    now: () => time,
    after(milliseconds: number, effect: () => Promise<unknown>) {
      coming = [...coming, { at: time + milliseconds, effect }].sort((one, other) => one.at - other.at);
    },
    /** Lets time pass and waits for the effects that are due. */
    async pass(milliseconds: number) {
      const end = time + milliseconds;
      for (let [next] = coming; next && next.at <= end; [next] = coming) {
        coming = coming.slice(1);
        time = next.at;
        await next.effect();
      }
      time = end;
    },
  };
}

type Attempts<Of extends Vendor> = {
  intents: Intents;
  clock: ReturnType<typeof virtualClock>;
  recorded?: ResourceId<Of>;
};

/**
 * Repeats `ensure` as a worker does: after `Unsettled` when that says, after a transient error in a second. Rejects with
 * the error that needs a person.
 */
export async function ensureEventually<Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  { clock, ...options }: Attempts<Of>,
): Promise<Ensured<Of>> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      return await ensure(connector, subject, { ...options, signal: never() });
    } catch (thrown) {
      if (Unsettled.isInstance(thrown)) await clock.pass(thrown.retryAfterMs);
      else if (isTransient(thrown)) await clock.pass(1_000);
      else throw thrown;
    }
  }
  throw new Error("100 attempts did not end.");
}

export const isTransient = (thrown: unknown): boolean =>
  ConnectorError.isInstance(thrown) && ["unavailable", "unknown", "rate_limited"].includes(thrown.kind);

/** The calls of each vendor that create an object, in their order. */
export const creating: Record<Vendor, readonly { method: "POST"; path: string }[]> = {
  chatwoot: [{ method: "POST", path: "/inboxes" }],
  botpress: [{ method: "POST", path: "/bots" }],
  odoo: [{ method: "POST", path: "/res.company/create" }],
  n8n: [
    { method: "POST", path: "/tags" },
    { method: "POST", path: "/workflows" },
  ],
  metabase: [
    { method: "POST", path: "/api/collection" },
    { method: "POST", path: "/copy" },
  ],
};

/** Returns the number of calls that created an object so far, whether they had an effect or not. */
export const creations = (sandbox: Sandbox, vendor: Vendor): number =>
  sandbox
    .calls()
    .filter((call) =>
      creating[vendor].some(({ method, path }) => call.method === method && call.path.endsWith(path)),
    ).length;
