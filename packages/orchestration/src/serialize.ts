import type { Health, Probe } from "@smarteros/connectors";
import type {
  plannedStep,
  reconciliation,
  run as runSchema,
  serviceStatus,
  step as stepSchema,
} from "@smarteros/tools-fastapi/provisioning";
import type * as z from "zod";
import type { PlannedStep } from "./plan.ts";
import type { Run, ServiceStanding, Step } from "./ports.ts";
import type { Found } from "./reconcile.ts";

// Converts the types of the provisioning store to the bodies of responses.

export function serializeRun(run: Run): z.output<typeof runSchema> {
  return {
    run_id: run.id,
    tenant_id: run.tenantId,
    status: run.state,
    requested_by: run.requestedBy,
    created_at: run.createdAt,
    finished_at: run.finishedAt,
    steps: run.steps.map(serializeStep),
  };
}

function serializeStep(step: Step): z.output<typeof stepSchema> {
  return {
    service: step.vendor,
    action: step.action,
    state: step.state,
    attempts: step.attempts,
    external_id: step.externalId,
    created: step.created,
    duplicates: step.duplicates,
    error: step.error,
    next_attempt_at: step.nextAttemptAt,
    started_at: step.startedAt,
    finished_at: step.finishedAt,
  };
}

export function serializePlannedStep(planned: PlannedStep): z.output<typeof plannedStep> {
  return {
    service: planned.vendor,
    outcome: planned.outcome,
    external_id: planned.externalId,
    duplicates: [...planned.duplicates],
    drift: planned.drift,
    missing_settings: [...planned.missingSettings],
    error: planned.error,
  };
}

export function serializeDifference(found: Found): z.output<typeof reconciliation>["differences"][number] {
  return {
    tenant_id: found.tenantId,
    service: found.vendor,
    kind: found.kind,
    external_id: found.externalId,
    seen_name: found.seenName,
    repair: found.repair ?? null,
    run_id: found.runId ?? null,
  };
}

export function serializeService(
  standing: ServiceStanding,
  health: Health | null,
): z.output<typeof serviceStatus> {
  const { drift } = standing;
  return {
    wanted: standing.wanted,
    state: standing.state,
    external_id: standing.externalId,
    health: health && serializeHealth(health),
    attempts: standing.attempts,
    last_error: standing.error,
    next_attempt_at: standing.nextAttemptAt,
    duplicates: standing.duplicates,
    drift: drift && { kind: drift.kind, seen_name: drift.seenName, found_at: drift.foundAt },
    updated_at: standing.updatedAt,
    held: standing.held,
    compared_at: standing.comparedAt,
    url: standing.url,
    left_to_do: standing.leftToDo,
  };
}

export const serializeHealth = ({ process, credential }: Health) => ({
  process: serializeProbe(process),
  access: serializeProbe(credential),
});

const serializeProbe = ({ latencyMs, ...probe }: Probe) => ({ ...probe, latency_ms: latencyMs });
