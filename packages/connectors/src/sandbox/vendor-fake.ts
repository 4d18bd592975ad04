import type { Context, Hono } from "hono";
import * as z from "zod";
import type { ConnectorSettings } from "../connectors.ts";
import type { Clock } from "../system-clock.ts";
import type { Vendor } from "../vendors.ts";
import type { Refusal } from "./faults.ts";

/** A resource in a sandbox. `tenantId` is null when it carries no tenant's id. */
export type SandboxResource = {
  kind: string;
  id: string;
  name: string;
  tenantId: string | null;
  active: boolean;
};

/** Switches for the configuration and health of the simulated installation. */
export type Conditions = Record<string, boolean>;

/** Environment of a fake. Conditions are read at each call. */
export type FakeWorld<Of extends Conditions = Conditions> = {
  clock: Pick<Clock, "now">;
  conditions: Of;
};

/** A running simulation of a vendor. */
export type VendorFake = {
  app: Hono;
  /** Returns the response of this vendor to a refused call. */
  refuse(refusal: Refusal): Response;
  resources(): SandboxResource[];
};

export type VendorFakeKind<Of extends Conditions = Conditions, State = unknown> = {
  vendor: Vendor;
  /** Default conditions. */
  conditions: Of;
  /** Schema of its state; it encodes to JSON. */
  state: z.ZodType<State>;
  /** Returns the initial state. */
  fresh(): State;
  /** Creates the simulation on a state, which it mutates. */
  create(world: FakeWorld<Of>, state: State): VendorFake;
  /** Returns the environment settings of a connector to it. */
  settings(url: string): { [Name in keyof ConnectorSettings]?: string };
};

/** Header by which the sandbox requests a list as it was so many milliseconds ago. */
export const lagHeader = "x-sandbox-lag";

/** Returns the rows that a list shows: all, or those that exist for longer than the requested lag. */
export function listed<Row extends { createdAt: number | string }>(
  context: Context,
  clock: FakeWorld["clock"],
  rows: Iterable<Row>,
): Row[] {
  const lagMs = context.req.header(lagHeader);
  if (lagMs === undefined) return [...rows];
  const until = clock.now() - Number(lagMs);
  return [...rows].filter(({ createdAt }) => new Date(createdAt).getTime() <= until);
}

/** Codec of a map of rows by id, which encodes to an array. */
export function table<Id extends z.ZodType<string | number>, Row extends z.ZodType<{ id: z.output<Id> }>>(
  id: Id,
  row: Row,
) {
  return z.codec(z.array(row), z.map(id, z.custom<z.output<Row>>()), {
    decode: (rows) => new Map(rows.map((one) => [one.id, one as z.output<Row>])) as never,
    encode: (rows) => [...rows.values()] as never,
  });
}
