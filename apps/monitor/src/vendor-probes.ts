import { type Connector, type ConnectorSettings, createConnectors, type Health } from "@smarteros/connectors";
import type { Answer, Probe } from "./examine.ts";

type Part = keyof Health;

/**
 * Two probes for each vendor that is set up: `odoo`, whether its process answers, and `odoo.credential`, whether it takes
 * our key. The first is well with a wrong key.
 */
export function vendorProbes(settings: ConnectorSettings): Probe[] {
  const { configured } = createConnectors(settings);
  return (Object.values(configured) as Connector[]).flatMap((connector) => {
    const ask = sharedHealth(connector);
    return [
      { service: connector.vendor, ask: ({ signal }) => ask("process", signal) },
      { service: `${connector.vendor}.credential`, ask: ({ signal }) => ask("credential", signal) },
    ] satisfies Probe[];
  });
}

// A connector tells both at once. Whichever part comes first asks, and the other takes what came of it.
function sharedHealth(connector: Connector): (part: Part, signal: AbortSignal) => Promise<Answer> {
  let flight: { health: Promise<Health>; taken: Set<Part> } | undefined;
  return async (part, signal) => {
    if (!flight || flight.taken.has(part)) flight = { health: connector.health(signal), taken: new Set() };
    flight.taken.add(part);
    const { [part]: seen } = await flight.health;
    if (seen.ok) return { ok: true, status: 0, latencyMs: seen.latencyMs };
    const { latencyMs, kind, remedy } = seen;
    return { ok: false, status: 0, latencyMs, error: kind, metadata: { remedy } };
  };
}
