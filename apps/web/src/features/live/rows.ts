import { connectorErrorKinds } from "@smarteros/connectors/errors";
import { vendors } from "@smarteros/connectors/vendors";
import {
  driftKinds,
  runStates,
  serviceStates,
  stepActions,
  stepStates,
} from "@smarteros/tools-fastapi/provisioning-states";
import * as z from "zod";

// What pages read of provisioning, by the columns of the database.

const vendor = z.enum(vendors);
const failure = {
  error_kind: z.enum(connectorErrorKinds).nullable(),
  error_message: z.string().nullable(),
  remedy: z.string().nullable(),
};

/** The state of one vendor's service of a tenant. */
export const service = z.object({
  vendor,
  wanted: z.boolean(),
  external_id: z.string().nullable(),
  state: z.enum(serviceStates),
  run_id: z.string().nullable(),
  action: z.enum(stepActions).nullable(),
  attempts: z.number(),
  ...failure,
  next_attempt_at: z.string().nullable(),
  duplicates: z.array(z.string()),
  drift: z.enum(driftKinds).nullable(),
  seen_name: z.string().nullable(),
  updated_at: z.string(),
  /** Taken over by an upgrade and not settled yet: no run touches it. */
  held: z.boolean(),
});

/** One vendor's part of a run. */
export const step = z.object({
  vendor,
  action: z.enum(stepActions),
  state: z.enum(stepStates),
  attempts: z.number(),
  external_id: z.string().nullable(),
  created: z.boolean(),
  duplicates: z.array(z.string()),
  ...failure,
  next_attempt_at: z.string().nullable(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  updated_at: z.string(),
});

/** A run with its steps, in the order of the vendors, and the tenant that it is about. */
export const run = z.object({
  id: z.string(),
  tenant_id: z.string(),
  requested_by: z.string(),
  event_id: z.number().nullable(),
  state: z.enum(runStates),
  created_at: z.string(),
  started_at: z.string().nullable(),
  cancelled_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  provision_steps: z
    .array(step)
    .transform((steps) => steps.toSorted((a, b) => vendors.indexOf(a.vendor) - vendors.indexOf(b.vendor))),
  tenants: z.object({ business_name: z.string(), rut: z.string(), active: z.boolean() }),
});

export type Service = z.infer<typeof service>;
export type Step = z.infer<typeof step>;
export type Run = z.infer<typeof run>;
/** The state at one time: of a tenant its services and newest runs, or one run only. */
export type Snapshot = { services: Service[]; runs: Run[] };
