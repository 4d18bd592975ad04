import { type Connector, ConnectorError, preview, type Vendor } from "@smarteros/connectors";
import { SmarterosError } from "@smarteros/core";
import type { DriftKind } from "@smarteros/tools-fastapi/provisioning-states";
import { withDeadline } from "./deadline.ts";
import { compareService, subjectOf } from "./drift.ts";
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

/** The service of a plan as a comparison sees it: a user requests it. */
const requested = {
  state: "active",
  errorKind: null,
  requested: true,
  halfMade: false,
  undoFailed: null,
} as const;

// A user waits for the response.
const deadlineMs = 8_000;

/** Plans services by reading at their vendors, side by side. Rejects with `conflict` for a deleted tenant. */
export async function planSteps(
  installation: Installation,
  tenant: ProvisionedTenant,
  planned: readonly Vendor[],
  signal: AbortSignal,
): Promise<PlannedStep[]> {
  if (!tenant.active)
    throw new SmarterosError("conflict", "The tenant is deleted. Restore it before provisioning.");
  return Promise.all(planned.map((vendor) => planStep(installation, tenant, vendor, signal)));
}

/** Plans one service by reading at its vendor. Rejects only with the reason of an aborted signal. */
async function planStep(
  { configured, missing }: Installation,
  tenant: ProvisionedTenant,
  vendor: Vendor,
  signal: AbortSignal,
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
      Promise.all([
        preview(connector, subjectOf(tenant), limited),
        recorded === null ? undefined : compareService(connector, tenant, { vendor, ...requested }, limited),
      ]),
    );
    const externalId = resource ? String(resource.id) : step.externalId;
    return { ...step, outcome: action, externalId, duplicates, drift: drift?.kind ?? null };
  } catch (thrown) {
    if (!ConnectorError.isInstance(thrown)) throw thrown;
    const { kind, message, remedy } = thrown;
    return { ...step, outcome: "blocked", error: { kind, message, remedy } };
  }
}
