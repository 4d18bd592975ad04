import type { Hono } from "hono";
import * as z from "zod";
import type { ConnectorSettings } from "../connectors.ts";
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

/** One vendor's far side. */
export type VendorFake = {
  app: Hono;
  /** How this vendor words a refusal. */
  refuse(refusal: Refusal): Response;
  resources(): SandboxResource[];
};

export type VendorFakeKind<Of extends Conditions = Conditions, State = unknown> = {
  vendor: Vendor;
  /** Its conditions, as they are unless somebody changes them. */
  conditions: Of;
  /** All that it holds; encoded, it can be written down as JSON. */
  state: z.ZodType<State>;
  /** What it holds when nobody was there yet. */
  fresh(): State;
  /** The far side over such a state, which it changes in place. */
  create(world: FakeWorld<Of>, state: State): VendorFake;
  /** The settings with which a connector reaches it. */
  settings(url: string): { [Name in keyof ConnectorSettings]?: string };
};

/** Rows by their ids; an array of them where it is written down. */
export function table<Id extends z.ZodType<string | number>, Row extends z.ZodType<{ id: z.output<Id> }>>(
  id: Id,
  row: Row,
) {
  return z.codec(z.array(row), z.map(id, z.custom<z.output<Row>>()), {
    decode: (rows) => new Map(rows.map((one) => [one.id, one as z.output<Row>])) as never,
    encode: (rows) => [...rows.values()] as never,
  });
}
