import { botpressFake } from "../botpress/sandbox.ts";
import { chatwootFake } from "../chatwoot/sandbox.ts";
import { metabaseFake } from "../metabase/sandbox.ts";
import { n8nFake } from "../n8n/sandbox.ts";
import { odooFake } from "../odoo/sandbox.ts";
import { type Vendor, vendors } from "../vendors.ts";
import { type Sandbox, type SandboxOptions, startSandbox as start } from "./server.ts";
import type { VendorFakeKind } from "./vendor-fake.ts";

export type { Fault, FaultInput, Faults } from "./faults.ts";
export type { SandboxClock } from "./sandbox-clock.ts";
export type { Sandbox, SandboxCall, SandboxOptions } from "./server.ts";
export type { SandboxStore } from "./stored-state.ts";
export type { Conditions, SandboxResource } from "./vendor-fake.ts";

const kinds: Record<Vendor, VendorFakeKind> = {
  chatwoot: chatwootFake,
  botpress: botpressFake,
  odoo: odooFake,
  n8n: n8nFake,
  metabase: metabaseFake,
};

export type Sandboxes = {
  vendors: Record<Vendor, Sandbox>;
  /** Environment settings of connectors to all sandboxes. */
  settings: Record<string, string>;
  stop(): Promise<void>;
};

/** Starts a stateful sandbox of one vendor on 127.0.0.1. */
export const startSandbox = (vendor: Vendor, options?: SandboxOptions): Promise<Sandbox> =>
  start(kinds[vendor], options);

/** Returns the environment settings of a connector to a vendor's sandbox at this address. */
export const sandboxSettings = (vendor: Vendor, url: string) =>
  kinds[vendor].settings(url) as Record<string, string>;

/** Starts stateful sandboxes of all vendors, each on a free port of 127.0.0.1. */
export async function startSandboxes(options: Omit<SandboxOptions, "port"> = {}): Promise<Sandboxes> {
  const all = await Promise.all(vendors.map((vendor) => startSandbox(vendor, options)));
  return {
    vendors: Object.fromEntries(vendors.map((vendor, index) => [vendor, all[index]])) as Sandboxes["vendors"],
    settings: Object.assign({}, ...all.map(({ settings }) => settings)),
    async stop() {
      await Promise.all(all.map((sandbox) => sandbox.stop()));
    },
  };
}
