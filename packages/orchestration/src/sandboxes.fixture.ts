import { type ConnectorSettings, connectorSettings, createConnectors, vendors } from "@smarteros/connectors";
import { type SandboxCall, startSandboxes } from "@smarteros/connectors/sandbox";
import type { Installation } from "./ports.ts";

/** Starts the sandboxes of all vendors and records every call. */
export async function startVendors() {
  let listener: (call: SandboxCall) => unknown = () => undefined;
  const calls: SandboxCall[] = [];
  const sandboxes = await startSandboxes({
    onCall(call) {
      calls.push(call);
      return listener(call);
    },
  });
  return {
    ...sandboxes,
    /** All calls since the start, in both phases. */
    calls,
    /** Replaces the listener of calls; each call waits for it. */
    watch(watcher: typeof listener) {
      listener = watcher;
    },
    /** Returns the resources of a tenant at all vendors in a fixed order. */
    of: (tenantId: string) =>
      vendors.flatMap((vendor) =>
        sandboxes.vendors[vendor]
          .resources()
          .filter((resource) => resource.tenantId === tenantId)
          .map(({ kind, active }) => `${vendor} ${kind}${active ? "" : " off"}`)
          .toSorted(),
      ),
  };
}
export type Vendors = Awaited<ReturnType<typeof startVendors>>;

/** Resources of a tenant with all services, without duplicates. */
export const whole = [
  "chatwoot inbox",
  "botpress bot",
  "odoo company",
  "n8n tag",
  "n8n workflow",
  "metabase collection",
  "metabase dashboard",
];

/**
 * Creates the connectors from environment settings. A creation whose outcome is not known is only searched for during
 * `settleAfterMs`, which is ten minutes in the product.
 */
export function connectorsFor(settings: Record<string, string>, settleAfterMs = 300): Installation {
  const parsed = Object.entries(connectorSettings).map(([name, schema]) => [
    name,
    schema.parse(settings[name]),
  ]);
  const connectors = createConnectors(Object.fromEntries(parsed) as ConnectorSettings);
  for (const connector of Object.values(connectors.configured))
    Object.assign(connector, { settling: { ...connector.settling, settleAfterMs } });
  return connectors;
}
