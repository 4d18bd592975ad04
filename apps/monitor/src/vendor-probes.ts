import { type Connector, type ConnectorSettings, createConnectors, type Health } from "@smarteros/connectors";
import type { Probe, ProbeResponse } from "./run-probe.ts";

type Part = keyof Health;

/**
 * Creates two probes for each configured vendor: `odoo` checks that its process responds, even to a wrong key;
 * `odoo.credential` checks that it accepts our key.
 */
export function vendorProbes(settings: ConnectorSettings): Probe[] {
  const { configured } = createConnectors(settings);
  return (Object.values(configured) as Connector[]).flatMap((connector) => {
    const send = sharedHealth(connector);
    return [
      { service: connector.vendor, send: ({ signal }) => send("process", signal) },
      { service: `${connector.vendor}.credential`, send: ({ signal }) => send("credential", signal) },
    ] satisfies Probe[];
  });
}

// One request of a connector checks both parts: the first probe sends it and the second reuses its result.
function sharedHealth(connector: Connector): (part: Part, signal: AbortSignal) => Promise<ProbeResponse> {
  let inFlight: { health: Promise<Health>; taken: Set<Part> } | undefined;
  return async (part, signal) => {
    if (!inFlight || inFlight.taken.has(part))
      inFlight = { health: connector.health(signal), taken: new Set() };
    inFlight.taken.add(part);
    const { [part]: result } = await inFlight.health;
    if (result.ok) return { ok: true, status: 0, latencyMs: result.latencyMs };
    const { latencyMs, kind, remedy } = result;
    return { ok: false, status: 0, latencyMs, error: kind, metadata: { remedy } };
  };
}
