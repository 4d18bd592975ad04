import type { Hono } from "hono";
import type { ConnectorSettings } from "../settings.ts";
import type { Clock } from "../system-clock.ts";
import type { Vendor } from "../vendors.ts";
import type { Refusal } from "./faults.ts";

/** What a sandbox holds, as a person looks at it. `tenantId` is the one it carries; null for what is nobody's. */
export type SandboxResource = {
  kind: string;
  id: string;
  name: string;
  tenantId: string | null;
  active: boolean;
};

/** How a vendor's installation is set up or how it fares, for as long as it is so. */
export type Conditions = Record<string, boolean>;

/** What a fake lives in. Conditions are read at each call. */
export type FakeWorld<Of extends Conditions = Conditions> = {
  clock: Pick<Clock, "now">;
  conditions: Of;
};

/** One vendor's far side, fresh. */
export type VendorFake = {
  app: Hono;
  /** How this vendor words a refusal. */
  refuse(refusal: Refusal): Response;
  resources(): SandboxResource[];
};

export type VendorFakeKind<Of extends Conditions = Conditions> = {
  vendor: Vendor;
  /** Its conditions, as they are unless somebody changes them. */
  conditions: Of;
  create(world: FakeWorld<Of>): VendorFake;
  /** The settings with which a connector reaches it. */
  settings(url: string): { [Name in keyof ConnectorSettings]?: string };
};
