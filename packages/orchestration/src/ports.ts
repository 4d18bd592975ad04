import type { Connector, ConnectorErrorKind, Remedy, Vendor, Webhook } from "@smarteros/connectors";
import type {
  DriftKind,
  RunState,
  ServiceState,
  StepAction,
  StepState,
} from "@smarteros/tools-fastapi/provisioning-states";

export type Connectors = { [Of in Vendor]?: Connector<Of> };

/** The vendors that are set up; for every other one, the names of the settings that it lacks. */
export type Installation = { configured: Connectors; missing: { [Of in Vendor]?: readonly string[] } };

/** A vendor's failure in our words, with the code of what an operator can do about it. */
export type StepError = { kind: ConnectorErrorKind; message: string; remedy: Remedy };

export type Step = {
  vendor: Vendor;
  action: StepAction;
  state: StepState;
  attempts: number;
  externalId: string | null;
  /** Whether this very run made the resource, and may therefore undo it. */
  created: boolean;
  /** What else at the vendor carries the tenant's id. */
  duplicates: string[];
  error: StepError | null;
  /** Moments as ISO 8601 in UTC. */
  nextAttemptAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
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
  createdAt: string;
  finishedAt: string | null;
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
  /** Workflows that can be called, to be registered for the tenant. */
  webhooks?: readonly Webhook[];
  error?: StepError;
  nextAttemptAt?: Date;
};

/** What a workflow has to know of a tenant; external ids as the tenant's row has them. */
export type ProvisionedTenant = {
  id: string;
  businessName: string;
  rut: string;
  active: boolean;
  deletedAt: string | null;
  wanted: Record<Vendor, boolean>;
  externalIds: Record<Vendor, string | number | null>;
};

export type Drift = { vendor: Vendor; kind: DriftKind; externalId: string; seenName: string | null };

/** How one service of a tenant stands; the database derives it from the tenant, its last step and the last comparison. */
export type ServiceStanding = {
  tenantId: string;
  vendor: Vendor;
  wanted: boolean;
  state: ServiceState;
  externalId: string | null;
  attempts: number;
  error: StepError | null;
  nextAttemptAt: string | null;
  duplicates: string[];
  drift: { kind: DriftKind; seenName: string | null; foundAt: string } | null;
  updatedAt: string;
  /** Taken over from an earlier release and not adopted yet: no run touches it. */
  held: boolean;
};

export type RecordedTenant = { tenant: ProvisionedTenant; services: ServiceStanding[] };

export type TenantEvent = {
  id: number;
  type: string;
  tenantId: string;
  payload: Record<string, unknown>;
  attempts: number;
};

/** What people read of runs, and what workers share. Every method may reject with the errors of its database. */
export type ProvisioningStore = {
  /** Opens a run, or resolves to the one that is open for the same steps or event; undefined for no such tenant, or where all steps are held. */
  open(run: NewRun): Promise<Run | undefined>;
  run(id: string): Promise<Run | undefined>;
  tenant(id: string): Promise<ProvisionedTenant | undefined>;
  /** Runs that are not over: a tenant's, or all that were opened before a moment, the oldest first. */
  openRuns(of: { tenantId: string } | { openedBefore: Date }): Promise<Run[]>;
  /** The five services of a tenant; none for no such tenant. */
  services(tenantId: string): Promise<ServiceStanding[]>;
  /** Lets runs touch held services of a tenant again, without anything of the vendor's: new ones are wanted. */
  releaseHolds(tenantId: string, vendors: readonly Vendor[]): Promise<void>;
  /** Resolves to whether another tenant than the one named has this id at the vendor. */
  isTaken(vendor: Vendor, externalId: string, tenantId: string): Promise<boolean>;
  /**
   * Records what a vendor has for a tenant and lets runs touch it. `taken`: another tenant has that id. Undefined for no
   * such tenant.
   */
  adopt(tenantId: string, vendor: Vendor, externalId: string): Promise<"adopted" | "taken" | undefined>;
  /** A page of the tenants that have something at a vendor, by id, after one; with those services. */
  recorded(page: { after?: string | undefined; tenants: number }): Promise<RecordedTenant[]>;
  /** Writes what a comparison of some of a tenant's services found; what is not found apart any more is resolved. */
  noteDrift(tenantId: string, compared: readonly Vendor[], found: readonly Drift[]): Promise<void>;
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
  /** Workers not heard of for so long whose work no one has taken over. */
  deadWorkers(silentForMs: number): Promise<string[]>;
  recovered(workerIds: string[]): Promise<void>;
};
