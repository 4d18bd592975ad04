import type { Vendor } from "../vendors.ts";
import { botpressFake } from "./botpress.ts";
import { chatwootFake } from "./chatwoot.ts";
import { metabaseFake } from "./metabase.ts";
import { n8nFake } from "./n8n.ts";
import { odooFake } from "./odoo.ts";
import { type Sandbox, startSandbox } from "./server.ts";

export type { Fault, FaultInput, Faults } from "./faults.ts";
export type { Sandbox } from "./server.ts";
export type { Conditions, SandboxResource } from "./vendor-fake.ts";

export type Sandboxes = {
  vendors: Record<Vendor, Sandbox>;
  /** The settings with which connectors reach all five, by their names in an environment. */
  settings: Record<string, string>;
  stop(): Promise<void>;
};

/** Starts stateful stand-ins of the five vendors on 127.0.0.1; a vendor without a port gets any free one. */
export async function startSandboxes(ports: { [Of in Vendor]?: number } = {}): Promise<Sandboxes> {
  const [chatwoot, botpress, odoo, n8n, metabase] = await Promise.all([
    startSandbox(chatwootFake, ports.chatwoot),
    startSandbox(botpressFake, ports.botpress),
    startSandbox(odooFake, ports.odoo),
    startSandbox(n8nFake, ports.n8n),
    startSandbox(metabaseFake, ports.metabase),
  ]);
  const vendors = { chatwoot, botpress, odoo, n8n, metabase };
  const all = Object.values(vendors);
  return {
    vendors,
    settings: Object.assign({}, ...all.map(({ settings }) => settings)),
    async stop() {
      await Promise.all(all.map((sandbox) => sandbox.stop()));
    },
  };
}
