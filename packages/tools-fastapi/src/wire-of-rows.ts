import type * as z from "zod";
import type * as wire from "./provisioning.ts";
import type { Run, ServiceInFull, Step } from "./provisioning-rows.ts";
import { leftToDo } from "./provisioning-states.ts";

// Converts rows of the database to the bodies of provisioning.ts.

export function wireRun(row: Run): z.output<typeof wire.run> {
  return {
    run_id: row.id,
    tenant_id: row.tenant_id,
    status: row.state,
    requested_by: row.requested_by,
    created_at: isoDateTime(row.created_at),
    finished_at: isoDateTime(row.finished_at),
    steps: row.provision_steps.map(wireStep),
  };
}

function wireStep(row: Step): z.output<typeof wire.step> {
  return {
    service: row.vendor,
    action: row.action,
    state: row.state,
    attempts: row.attempts,
    external_id: row.external_id,
    created: row.created,
    duplicates: row.duplicates,
    error: wireError(row),
    next_attempt_at: isoDateTime(row.next_attempt_at),
    started_at: isoDateTime(row.started_at),
    finished_at: isoDateTime(row.finished_at),
  };
}

type ServiceStatus = z.output<typeof wire.serviceStatus>;

export function wireService(row: ServiceInFull, health: ServiceStatus["health"]): ServiceStatus {
  return {
    wanted: row.wanted,
    state: row.state,
    external_id: row.external_id,
    health,
    attempts: row.attempts,
    last_error: wireError(row),
    next_attempt_at: isoDateTime(row.next_attempt_at),
    duplicates: row.duplicates,
    drift: row.drift && {
      kind: row.drift,
      seen_name: row.seen_name,
      found_at: isoDateTime(row.drift_found_at ?? row.updated_at),
    },
    updated_at: isoDateTime(row.updated_at),
    held: row.held,
    compared_at: isoDateTime(row.compared_at),
    url: row.url,
    left_to_do: leftToDo(row),
  };
}

const wireError = ({
  error_kind,
  error_message,
  remedy,
}: Pick<Step, "error_kind" | "error_message" | "remedy">) =>
  error_kind && { kind: error_kind, message: error_message ?? "", remedy: remedy ?? "" };

/** Converts a time of Postgres, with its offset and microseconds, to an ISO date-time in UTC. */
export function isoDateTime(text: string): string;
export function isoDateTime(text: string | null): string | null;
export function isoDateTime(text: string | null) {
  return text && new Date(text).toISOString();
}
