import {
  byVendor,
  connectorErrorKinds,
  flagOf,
  type Remedy,
  type Vendor,
  vendors,
} from "@smarteros/connectors";
import type { Database } from "@smarteros/supabase";
import {
  type ChecklistItem,
  driftKinds,
  leftToDo,
  oneOf,
  runStates,
  serviceStates,
  stepActions,
  stepStates,
} from "@smarteros/tools-fastapi/provisioning-states";
import * as z from "zod";
import type { ComparedService, ProvisionedTenant, Run, ServiceStanding, Step, StepError } from "./ports.ts";

// Maps rows of the database to the types of the port. The generated types have `string` for texts with a check constraint.

type Tables = Database["public"]["Tables"];
type StepRow = Tables["provision_steps"]["Row"];
export type RunRow = Tables["provision_runs"]["Row"] & { provision_steps: StepRow[] };
export type StandingRow = Database["public"]["Views"]["tenant_services"]["Row"];

export type TenantRow = Tables["tenants"]["Row"] & {
  tenant_service_ids: Pick<Tables["tenant_service_ids"]["Row"], "vendor" | "external_id">[];
  provision_holds: Pick<Tables["provision_holds"]["Row"], "vendor" | "released_at">[];
};

/** Columns of `tenants` with the ids of the first five vendors; later vendors have rows of `tenant_service_ids`. */
const idColumns: { readonly [Of in Vendor]?: keyof Tables["tenants"]["Row"] } = {
  chatwoot: "chatwoot_inbox_id",
  botpress: "botpress_workspace_id",
  odoo: "odoo_company_id",
  n8n: "n8n_project_id",
  metabase: "metabase_dashboard_id",
} as const;

function stepFrom(row: StepRow): Step {
  return {
    vendor: oneOf(vendors, row.vendor),
    action: oneOf(stepActions, row.action),
    state: oneOf(stepStates, row.state),
    attempts: row.attempts,
    externalId: row.external_id,
    created: row.created,
    duplicates: row.duplicates,
    error: errorFrom(row),
    nextAttemptAt: isoDateTime(row.next_attempt_at),
    startedAt: isoDateTime(row.started_at),
    finishedAt: isoDateTime(row.finished_at),
  };
}

export function runFrom(row: RunRow): Run {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    requestedBy: row.requested_by,
    eventId: row.event_id,
    state: oneOf(runStates, row.state),
    cancelled: row.cancelled_at !== null,
    createdAt: new Date(row.created_at).toISOString(),
    finishedAt: isoDateTime(row.finished_at),
    steps: row.provision_steps.map(stepFrom).sort(byVendor),
  };
}

export function tenantFrom(row: TenantRow): ProvisionedTenant {
  const flags = row.services_enabled as Record<string, boolean>;
  const perVendor = <T>(of: (vendor: Vendor) => T) =>
    Object.fromEntries(vendors.map((vendor) => [vendor, of(vendor)])) as Record<Vendor, T>;
  return {
    id: row.id,
    businessName: row.business_name,
    rut: row.rut,
    active: row.active,
    deletedAt: isoDateTime(row.deleted_at),
    wanted: perVendor((vendor) => flags[flagOf[vendor]] === true),
    held: row.provision_holds.flatMap(({ vendor, released_at }) =>
      released_at === null ? [oneOf(vendors, vendor)] : [],
    ),
    externalIds: perVendor((vendor) => {
      const column = idColumns[vendor];
      return column
        ? (row[column] as string | number | null)
        : (row.tenant_service_ids.find((id) => id.vendor === vendor)?.external_id ?? null);
    }),
  };
}

/** Reads a service. The generated types make every column of a view nullable; these columns never are. */
export function standingFrom(row: StandingRow): ServiceStanding {
  return {
    tenantId: row.tenant_id as string,
    vendor: oneOf(vendors, row.vendor),
    wanted: row.wanted ?? false,
    state: oneOf(serviceStates, row.state),
    externalId: row.external_id,
    attempts: row.attempts ?? 0,
    error: errorFrom(row),
    nextAttemptAt: isoDateTime(row.next_attempt_at),
    held: row.held ?? false,
    comparedAt: isoDateTime(row.compared_at),
    url: row.url,
    leftToDo: leftToDo({
      wanted: row.wanted ?? false,
      held: row.held ?? false,
      external_id: row.external_id,
      checklist: (row.checklist ?? []) as ChecklistItem[],
    }),
    duplicates: row.duplicates ?? [],
    drift:
      row.drift === null
        ? null
        : {
            kind: oneOf(driftKinds, row.drift),
            seenName: row.seen_name,
            foundAt: isoDateTime(row.drift_found_at) as string,
          },
    updatedAt: isoDateTime(row.updated_at) as string,
  };
}

/** Reads a service of `services_to_compare`. */
export const comparedService = z
  .object({
    vendor: z.enum(vendors),
    state: z.enum(serviceStates),
    error_kind: z.enum(connectorErrorKinds).nullable(),
    requested: z.boolean().nullable(),
    half_made: z.boolean(),
    undo_failed: z.string().nullable(),
  })
  .transform(
    ({ vendor, state, error_kind, requested, half_made, undo_failed }): ComparedService => ({
      vendor,
      state,
      errorKind: error_kind,
      requested: requested ?? false,
      halfMade: half_made,
      undoFailed: undo_failed,
    }),
  );

function errorFrom(row: Pick<StepRow, "error_kind" | "error_message" | "remedy">): StepError | null {
  const { error_kind: kind, error_message: message, remedy } = row;
  if (kind === null) return null;
  // The database checks only the form of a remedy: one of another release is shown unchanged.
  return { kind: oneOf(connectorErrorKinds, kind), message: message ?? "", remedy: remedy as Remedy };
}

const isoDateTime = (text: string | null) => text && new Date(text).toISOString();
