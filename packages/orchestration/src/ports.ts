import type { ConnectorErrorKind, Remedy, Vendor } from "@smarteros/connectors";

export type StepAction = "provision" | "disable" | "remove";
export type StepState =
  | "queued"
  | "running"
  | "waiting"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "skipped"
  | "unsupported"
  | "undone";
export type RunState = "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled";

export type Step = {
  vendor: Vendor;
  action: StepAction;
  state: StepState;
  attempts: number;
  externalId: string | null;
  /** Whether this very run made the resource, and may therefore undo it. */
  created: boolean;
};

export type Run = {
  id: string;
  tenantId: string;
  /** A user's id, or `system` for what an event brought about. */
  requestedBy: string;
  /** Set where an event opened the run: such a run follows the tenant's flags as they are when it acts. */
  eventId: number | null;
  state: RunState;
  cancelled: boolean;
  steps: Step[];
};

export type NewRun = {
  tenantId: string;
  steps: { vendor: Vendor; action: StepAction }[];
  requestedBy: string;
  eventId?: number;
  requestId?: string;
};

export type StepEnding = {
  state: Exclude<StepState, "queued" | "running" | "undone">;
  externalId?: string;
  created?: boolean;
  duplicates?: readonly string[];
  error?: { kind: ConnectorErrorKind; message: string; remedy: Remedy };
  nextAttemptAt?: Date;
};

/** What a workflow has to know of a tenant; external ids as the tenant's row has them. */
export type ProvisionedTenant = {
  id: string;
  businessName: string;
  rut: string;
  active: boolean;
  wanted: Record<Vendor, boolean>;
  externalIds: Record<Vendor, string | number | null>;
};

export type TenantEvent = {
  id: number;
  type: string;
  tenantId: string;
  payload: Record<string, unknown>;
  attempts: number;
};

/** What people read of runs, and what workers share. Every method may reject with the errors of its database. */
export type ProvisioningStore = {
  /** Opens a run, or resolves to the one that is open for the same steps or event; undefined for no such tenant. */
  open(run: NewRun): Promise<Run | undefined>;
  run(id: string): Promise<Run | undefined>;
  tenant(id: string): Promise<ProvisionedTenant | undefined>;
  /** Takes the lock of a tenant's vendor. `busy`: another run holds it; `over`: the step has ended. */
  begin(runId: string, vendor: Vendor): Promise<Step | "busy" | "over">;
  /** Writes how a step stands, and the tenant's external id with it. Nothing happens to one that has ended. */
  end(runId: string, vendor: Vendor, ending: StepEnding): Promise<void>;
  /** Ends what is not under way; resolves to false where the run is over. */
  cancel(runId: string): Promise<boolean>;
  /** Says that what a cancelled run had made is gone again. */
  undone(runId: string, vendor: Vendor): Promise<void>;
  /** Lines up what failed; resolves to false where nothing did. */
  retry(runId: string): Promise<boolean>;
  claimEvents(limit: number): Promise<TenantEvent[]>;
  /** Without a problem, the event is done with; with one, it is claimed again after its lease. */
  settleEvent(id: number, problem?: string): Promise<void>;
  beat(workerId: string): Promise<void>;
  /** Workers not heard of for so long whose work nobody has taken over. */
  deadWorkers(silentForMs: number): Promise<string[]>;
  recovered(workerIds: string[]): Promise<void>;
};
