import { type ConnectorSettings, connectorSettings, createConnectors, vendors } from "@smarteros/connectors";
import { type SandboxCall, startSandboxes } from "@smarteros/connectors/sandbox";

/** The five vendors' sandboxes, which tell of every call. */
export async function startVendors() {
  let told: (call: SandboxCall) => unknown = () => undefined;
  const calls: SandboxCall[] = [];
  const sandboxes = await startSandboxes({
    onCall(call) {
      calls.push(call);
      return told(call);
    },
  });
  return {
    ...sandboxes,
    /** All that arrived and took effect since the start. */
    calls,
    /** Tells of each call from now on; the call waits. */
    watch(watcher: typeof told) {
      told = watcher;
    },
    /** What a tenant has at all vendors, in a fixed order. */
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

/** What a tenant with all five services has, once. */
export const whole = [
  "chatwoot inbox",
  "botpress bot",
  "odoo company",
  "n8n tag",
  "n8n workflow",
  "metabase collection",
  "metabase dashboard",
];

/** The real connectors, by settings as an environment has them. */
export function connectorsFor(settings: Record<string, string>) {
  const parsed = Object.entries(connectorSettings).map(([name, schema]) => [
    name,
    schema.parse(settings[name]),
  ]);
  return createConnectors(Object.fromEntries(parsed) as ConnectorSettings);
}
