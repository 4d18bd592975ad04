import { type Connector, ConnectorError, preview, type Vendor } from "@smarteros/connectors";
import type { DriftKind } from "@smarteros/tools-fastapi/provisioning-states";
import { withDeadline } from "./deadline.ts";
import { driftOf, subjectOf } from "./drift.ts";
import type { Installation, ProvisionedTenant, StepError } from "./ports.ts";

/** Expected effect of provisioning on one service: `none` when nothing is to do, `blocked` when it would fail. */
export type PlannedStep = {
  vendor: Vendor;
  outcome: "none" | "create" | "complete" | "enable" | "blocked";
  externalId: string | null;
  duplicates: readonly string[];
  drift: DriftKind | null;
  /** Names of settings that the vendor lacks. */
  missingSettings: readonly string[];
  error: StepError | null;
};

/** Plans one service by reading at its vendor. Rejects only with the reason of an aborted signal. */
export async function planStep(
  { configured, missing }: Installation,
  tenant: ProvisionedTenant,
  vendor: Vendor,
  { signal, deadlineMs }: { signal: AbortSignal; deadlineMs: number },
): Promise<PlannedStep> {
  const connector = configured[vendor] as Connector | undefined;
  const recorded = tenant.externalIds[vendor];
  const step = {
    vendor,
    externalId: recorded === null ? null : String(recorded),
    duplicates: [],
    drift: null,
    missingSettings: [],
    error: null,
  };
  if (!connector) return { ...step, outcome: "blocked", missingSettings: missing[vendor] ?? [] };
  try {
    const limit = { vendor, operation: "plan", deadlineMs, caller: signal };
    const [{ action, resource, duplicates }, drift] = await withDeadline(limit, (limited) =>
      Promise.all([preview(connector, subjectOf(tenant), limited), driftOf(connector, tenant, limited)]),
    );
    const externalId = resource ? String(resource.id) : step.externalId;
    return { ...step, outcome: action, externalId, duplicates, drift: drift?.kind ?? null };
  } catch (thrown) {
    if (!ConnectorError.isInstance(thrown)) throw thrown;
    const { kind, message, remedy } = thrown;
    return { ...step, outcome: "blocked", error: { kind, message, remedy } };
  }
}
