import { connectorErrorKinds } from "@smarteros/connectors/errors";
import { vendors } from "@smarteros/connectors/vendors";
import * as z from "zod";
import { isJsonObject, isShallow, isStorable } from "./nesting.ts";
import {
  checklistItems,
  driftKinds,
  runStates,
  serviceStates,
  stepActions,
  stepStates,
} from "./provisioning-states.ts";

// The bodies of requests and responses about services, between the backend and the service tools.

export const service = z.enum(vendors).describe("A service by its vendor.");
export const services = z
  .array(service)
  .min(1, "Name at least one service.")
  .max(vendors.length)
  .refine((names) => new Set(names).size === names.length, "Name each service once.")
  .describe("Services by their vendors.");

const dateTime = z.iso.datetime({ offset: true });

/** A vendor's failure and what an operator can do about it: `remedy` is a stable code. */
export const serviceError = z.object({
  kind: z.enum(connectorErrorKinds),
  message: z.string(),
  remedy: z.string(),
});

export const step = z.object({
  service,
  action: z.enum(stepActions),
  state: z.enum(stepStates),
  attempts: z.int().min(0),
  external_id: z.string().nullable(),
  /** True where this run created the resource, and may therefore undo it. */
  created: z.boolean(),
  /** Ids of other resources at the vendor that carry the tenant's id. */
  duplicates: z.array(z.string()),
  error: serviceError.nullable(),
  next_attempt_at: dateTime.nullable(),
  started_at: dateTime.nullable(),
  finished_at: dateTime.nullable(),
});

export const run = z.object({
  run_id: z.uuid(),
  tenant_id: z.uuid(),
  status: z.enum(runStates),
  /** A user's id, or `system` for what an event brought about. */
  requested_by: z.string(),
  created_at: dateTime,
  finished_at: dateTime.nullable(),
  steps: z.array(step),
  /** Why it does not go on now, with the remedy: no worker has reported for two minutes. */
  notice: z.string().optional(),
});

/** The effect of a run on one service: `none` where all is well, `blocked` where it could not act. */
export const plannedStep = z.object({
  service,
  outcome: z.enum(["none", "create", "complete", "enable", "blocked"]),
  external_id: z.string().nullable(),
  duplicates: z.array(z.string()),
  drift: z.enum(driftKinds).nullable(),
  /** Names of settings without which there is no such vendor. */
  missing_settings: z.array(z.string()),
  error: serviceError.nullable(),
});

/** The response to a dry run: no run was opened. */
export const plan = z.object({ run_id: z.null(), status: z.literal("planned"), steps: z.array(plannedStep) });

const probe = z.object({
  ok: z.boolean(),
  latency_ms: z.int().min(0),
  kind: z.enum(connectorErrorKinds).optional(),
  remedy: z.string().optional(),
});

const health = z.object({ process: probe, access: probe });
/** The health of each vendor, and that of its credential; null where it is not configured. */
export const vendorHealth = z.partialRecord(service, health.nullable());

export const serviceStatus = z.object({
  /** The tenant's flag for the service. */
  wanted: z.boolean(),
  state: z.enum(serviceStates),
  external_id: z.string().nullable(),
  /** As of the last 30 s; null also where no worker has looked. */
  health: health.nullable(),
  attempts: z.int().min(0),
  last_error: serviceError.nullable(),
  next_attempt_at: dateTime.nullable(),
  duplicates: z.array(z.string()),
  drift: z
    .object({ kind: z.enum(driftKinds), seen_name: z.string().nullable(), found_at: dateTime })
    .nullable(),
  updated_at: dateTime,
  /** Taken over from an earlier release: no run touches it until it is adopted, or a new one is requested. */
  held: z.boolean().default(false),
  /** When it was last compared with what the vendor has. */
  compared_at: dateTime.nullable().default(null),
  /** Where people find it at the vendor; null where that is not known. */
  url: z.string().nullable().default(null),
  /** What a person has left to do at the vendor before the service works, such as `connect_channel`. */
  left_to_do: z.array(z.enum(checklistItems)).default([]),
});

export const tenantStatus = z.object({
  tenant_id: z.uuid(),
  services: z.record(service, serviceStatus),
  /** The runs that are open. */
  runs: z.array(run),
  /** As that of a run. */
  notice: z.string().optional(),
});

export const provisionRequest = z.strictObject({
  tenant_id: z.uuid(),
  services,
  /** The assertion's subject; another is refused. */
  requested_by: z.string().min(1).max(255).optional(),
  dry_run: z.boolean().default(false),
  /** Makes new ones also where the service is held. */
  create_new: z.boolean().default(false),
});
/** Chooses runs by vendor, kind of failure and time of the last change; at least one. */
export const runFilter = z
  .strictObject({
    vendor: service.optional(),
    error: z.enum(connectorErrorKinds).optional(),
    since: dateTime.optional(),
  })
  .refine((filter) => Object.keys(filter).length > 0, "Name a vendor, an error or a time (since).");
/** How many runs changed, and how many that match are left: all of them in a dry run. */
export const changedRuns = z.object({ count: z.int().min(0), remaining: z.int().min(0) });

const repairs = ["provision", "disable", "undo"] as const;

/** What differs between the records of services and what their vendors have. */
export const reconciliation = z.object({
  compared: z.int().min(0),
  /** Services whose vendor did not respond. */
  unread: z.int().min(0),
  differences: z.array(
    z.object({
      tenant_id: z.uuid(),
      service,
      kind: z.enum(driftKinds),
      external_id: z.string().nullable(),
      seen_name: z.string().nullable(),
      /** What closes it; null where only a person can decide. */
      repair: z.enum(repairs).nullable(),
      /** The run that repairs it. */
      run_id: z.uuid().nullable(),
    }),
  ),
  /** Where the next page begins; null after the last. */
  next_after: z.uuid().nullable(),
});
/** An id of a vendor as a person reads it there: `12`, or `bot:…` and its like where the kind is part of it. */
export const externalId = z.string().trim().min(1).max(255);
export const adoptRequest = z.strictObject({ tenant_id: z.uuid(), service, external_id: externalId });
export const adoption = z.object({
  tenant_id: z.uuid(),
  service,
  external_id: z.string(),
  /** As the vendor has it. */
  name: z.string(),
  state: z.enum(["active", "disabled", "incomplete"]),
});
export const matchingRequest = z.strictObject({ filter: runFilter, dry_run: z.boolean().default(false) });
export const reconcileRequest = z.strictObject({
  tenant_id: z.uuid().optional(),
  service: service.optional(),
  repair: z.boolean().default(false),
  after: z.uuid().optional(),
});
export const removeRequest = z.strictObject({ tenant_id: z.uuid(), services });

/** The name of a workflow among its tenant's. */
export const workflowName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, "Small letters, digits and dashes, a letter first, at most 64.");
/** One path below n8n's /webhook/, with nothing that leads elsewhere. */
export const webhookPath = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/,
    "A path below /webhook/: letters, digits, dashes, underscores and single slashes.",
  );

/** Maximum bytes of a payload: the backend's limit of a body, less the other fields. */
const maxPayloadBytes = 61_440;

const jsonObject = z
  .unknown()
  .refine(isJsonObject, { error: "Not a JSON object.", abort: true })
  .refine(isShallow, { error: "Nested too deeply: at most 100 levels.", abort: true })
  .refine((value) => new TextEncoder().encode(JSON.stringify(value)).length <= maxPayloadBytes, {
    error: `Larger than ${maxPayloadBytes / 1024} KiB as JSON. Send less, or a reference to it.`,
    abort: true,
  })
  .refine(isStorable, "A text has a null character or half of a surrogate pair. Leave it out.")
  .meta({ type: "object", additionalProperties: {} });

/** The input of a workflow: a JSON object with any keys. */
export const payload = jsonObject as z.ZodType<Record<string, unknown>, Record<string, unknown>>;

/** The same for a delivery that is sent again, so that a workflow can detect it: the header `webhook-id`. */
export const deliveryId = z
  .string()
  .regex(/^[\w-]{1,100}$/, "1 to 100 letters, digits, dashes and underscores.");

export const triggerRequest = z.strictObject({
  tenant_id: z.uuid(),
  workflow: workflowName,
  payload: payload.default({}),
  delivery_id: deliveryId,
});
/** The workflow's response: its status, and its body as JSON or text. */
export const triggerResponse = z.object({
  status: z.int(),
  data: z.unknown(),
  /** Why there is no data although the workflow responded with a body: it is binary or too large. */
  notice: z.string().optional(),
  delivery_id: z.string(),
});

export const registerRequest = z.strictObject({
  tenant_id: z.uuid(),
  workflow: workflowName,
  path: webhookPath,
});
export const registration = z.object({
  tenant_id: z.uuid(),
  workflow: workflowName,
  path: webhookPath,
  registered_by: z.string(),
  updated_at: dateTime,
});
