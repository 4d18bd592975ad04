import { botpressFake } from "../botpress/sandbox.ts";
import { chatwootFake } from "../chatwoot/sandbox.ts";
import { metabaseFake } from "../metabase/sandbox.ts";
import { n8nFake } from "../n8n/sandbox.ts";
import { odooFake } from "../odoo/sandbox.ts";
import { type Vendor, vendors } from "../vendors.ts";
import { type Sandbox, type SandboxOptions, startSandbox as start } from "./server.ts";
import type { VendorFakeKind } from "./vendor-fake.ts";

export type { Fault, FaultInput, Faults } from "./faults.ts";
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
  /** The settings with which connectors reach all five, by their names in an environment. */
  settings: Record<string, string>;
  stop(): Promise<void>;
};

/** Starts a stateful stand-in of one vendor on 127.0.0.1. */
export const startSandbox = (vendor: Vendor, options?: SandboxOptions): Promise<Sandbox> =>
  start(kinds[vendor], options);

/** The settings with which a connector reaches a vendor's sandbox at this address, by their names in an environment. */
export const sandboxSettings = (vendor: Vendor, url: string) =>
  kinds[vendor].settings(url) as Record<string, string>;

/** Starts stateful stand-ins of all five vendors, each on any free port of 127.0.0.1. */
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
