import { byVendor } from "@smarteros/connectors/vendors";
import * as z from "zod";
import * as wire from "./provisioning.ts";
import { checklistItems, driftKinds, serviceStates, stepActions } from "./provisioning-states.ts";

// What users may read of provisioning, by the columns of the database. Their order is that of the columns in a request.

const {
  service: vendor,
  error: _error,
  next_attempt_at,
  started_at,
  finished_at,
  ...outcome
} = wire.step.shape;
const failure = {
  error_kind: wire.serviceError.shape.kind.nullable(),
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
  /** When it was last compared with what the vendor has. */
  compared_at: z.string().nullable(),
  /** Where people find it at the vendor; null where that is not known. */
  url: z.string().nullable(),
  /** What a person has to do at the vendor before the service works, and who did it. */
  checklist: z.array(
    z.object({
      item: z.enum(checklistItems),
      done_by: z.string().nullable(),
      done_at: z.string().nullable(),
    }),
  ),
});

/** The same with all that a caller of `services.status` sees. */
export const serviceInFull = service.extend({ drift_found_at: z.string().nullable() });

/** One vendor's part of a run. */
export const step = z.object({
  vendor,
  ...outcome,
  ...failure,
  next_attempt_at,
  started_at,
  finished_at,
  updated_at: z.string(),
});

const { status: state, requested_by } = wire.run.shape;

/** A run with its steps, in the order of the vendors, and the tenant that it is about. */
export const run = z.object({
  id: z.string(),
  tenant_id: z.string(),
  requested_by,
  event_id: z.number().nullable(),
  state,
  created_at: z.string(),
  started_at: z.string().nullable(),
  cancelled_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  provision_steps: z.array(step).transform((steps) => steps.toSorted(byVendor)),
  tenants: z.object({ business_name: z.string(), rut: z.string(), active: z.boolean() }),
});

/** A service that an upgrade took over and that is not settled. */
export const heldService = z.object({
  tenant_id: z.string(),
  vendor,
  wanted: z.boolean(),
  external_id: z.string().nullable(),
});

/** A change of a tenant that no run was opened for. */
export const failedEvent = z.object({
  id: z.number(),
  type: z.string(),
  created_at: z.string(),
  last_error: z.string().nullable(),
});

/** A vendor that stopped responding: its steps wait until this time, then one at a time is tried until one succeeds. */
export const openBreaker = z.object({ vendor, open_until: z.string() });

export type Service = z.infer<typeof service>;
export type ServiceInFull = z.infer<typeof serviceInFull>;
export type Step = z.infer<typeof step>;
export type Run = z.infer<typeof run>;
export type HeldService = z.infer<typeof heldService>;
export type FailedEvent = z.infer<typeof failedEvent>;
export type OpenBreaker = z.infer<typeof openBreaker>;
