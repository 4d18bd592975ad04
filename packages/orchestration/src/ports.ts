import type {
  Connector,
  ConnectorErrorKind,
  Connectors as Installation,
  Intents,
  Remedy,
  Vendor,
  Webhook,
} from "@smarteros/connectors";
import type { ClaimedTask } from "@smarteros/queue";
import type {
  ChecklistItem,
  DriftKind,
  RunState,
  ServiceState,
  StepAction,
  StepState,
} from "@smarteros/tools-fastapi/provisioning-states";

export type Connectors = { [Of in Vendor]?: Connector<Of> };

/** Connectors of the configured vendors, and the missing settings of the others. */
export type { Installation };

/** A failure of a vendor, without text of the vendor; `remedy` is the code of an operator's next action. */
export type StepError = { kind: ConnectorErrorKind; message: string; remedy: Remedy };

export type Step = {
  vendor: Vendor;
  action: StepAction;
  state: StepState;
  attempts: number;
  externalId: string | null;
  /** True when this run created the resource and may therefore remove it. */
  created: boolean;
  /** Other resources at the vendor that carry the tenant's id. */
  duplicates: string[];
  error: StepError | null;
  /** ISO 8601 date-times in UTC. */
  nextAttemptAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
};

export type Run = {
  id: string;
  tenantId: string;
  /** A user's id, or `system` when an event opened the run. */
  requestedBy: string;
  /** Set when an event opened the run, which then follows the current flags of the tenant at each attempt. */
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
  traceparent?: string | undefined;
};

export type BegunStep = {
  run: Run;
  tenant: ProvisionedTenant;
  /** Of an undoing: true when a later run has provisioned the service. */
  isReplaced: boolean;
  /** The intents of the tenant at the vendor. */
  intents: Intents;
};

export type RunFilter = {
  owner?: string | undefined;
  vendor?: Vendor | undefined;
  error?: ConnectorErrorKind | undefined;
  /** ISO 8601 date-time of the last change at the earliest. */
  since?: string | undefined;
  dryRun: boolean;
};

/** What a step brought about, as the result of its task; the database writes it to the step and the tenant. */
export type StepResult = {
  /** `cancelled`: the step of a cancelled run left nothing to undo. */
  state: "succeeded" | "skipped" | "unsupported" | "undone" | "cancelled";
  external_id?: string;
  created?: boolean;
  duplicates?: readonly string[];
  /** Callable workflows to register for the tenant. */
  webhooks?: readonly Webhook[];
};

/** A tenant as steps use it, with its external ids as recorded. */
export type ProvisionedTenant = {
  id: string;
  businessName: string;
  rut: string;
  active: boolean;
  deletedAt: string | null;
  wanted: Record<Vendor, boolean>;
  externalIds: Record<Vendor, string | number | null>;
  /** Vendors whose service came from an earlier release and is not adopted yet: nothing is done to it. */
  held: readonly Vendor[];
};

/** Difference between the record of a service and what its vendor has. */
export type Drift = { vendor: Vendor; kind: DriftKind; externalId: string | null; seenName: string | null };

/** What a comparison knows of a service beside the tenant. */
export type ComparedService = {
  vendor: Vendor;
  state: ServiceState;
  /** The kind of failure of the last step. */
  errorKind: ConnectorErrorKind | null;
  /** True where a person requested the service and its flag is off. */
  requested: boolean;
  /** True where a creation is open that no task settles. */
  halfMade: boolean;
  /** The cancelled run that failed to undo what it created. */
  undoFailed: string | null;
};

export type ComparedTenant = { tenant: ProvisionedTenant; services: ComparedService[] };

/** Chooses what is compared: all by default. */
export type Comparison = {
  /** The last tenant of the page before. */
  after?: string | undefined;
  /** The number of tenants of a page. */
  tenants: number;
  owner?: string | undefined;
  tenantId?: string | undefined;
  vendor?: Vendor | undefined;
};

/** Status of one service, which the database derives from the tenant, its last step and the last comparison. */
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
  /** True while a service from an earlier release is not adopted yet: no run changes it. */
  held: boolean;
  comparedAt: string | null;
  /** Where people find it at the vendor; null where that is not known. */
  url: string | null;
  /** Items of the checklist that no person has ticked. */
  leftToDo: ChecklistItem["item"][];
};

export type TenantEvent = {
  id: number;
  type: string;
  tenantId: string;
  payload: Record<string, unknown>;
  attempts: number;
};

/** Stores runs, events and workers. Every method may reject with errors of the database. */
export type ProvisioningStore = {
  /** Opens a run, or resolves to the open run of the same steps or event; undefined if the tenant does not exist or all steps are held. */
  open(run: NewRun): Promise<Run | undefined>;
  run(id: string): Promise<Run | undefined>;
  tenant(id: string): Promise<ProvisionedTenant | undefined>;
  /** Resolves to the open runs of a tenant, oldest first. */
  openRuns(tenantId: string): Promise<Run[]>;
  /** Resolves to the services of a tenant, one per vendor in their order; empty if the tenant does not exist. */
  services(tenantId: string): Promise<ServiceStanding[]>;
  /** Releases held services of a tenant without adopting a resource, so that runs create new ones. */
  releaseHolds(tenantId: string, vendors: readonly Vendor[]): Promise<void>;
  /** Resolves to true when a tenant other than `tenantId` has this id at the vendor. */
  isTaken(vendor: Vendor, externalId: string, tenantId: string): Promise<boolean>;
  /**
   * Records a resource for a tenant and releases the held service. Resolves to `taken` when another tenant has the id, and
   * to undefined if the tenant does not exist.
   */
  adopt(tenantId: string, vendor: Vendor, externalId: string): Promise<"adopted" | "taken" | undefined>;
  /** Resolves to the next tenants, ordered by id, with the services to compare. */
  toCompare(comparison: Comparison): Promise<ComparedTenant[]>;
  /** Gives events of tenants that failed too often all their attempts again. */
  retryEvents(tenantIds: readonly string[]): Promise<void>;
  /** Stores the drift found in the compared services of a tenant and resolves the drift that is gone. */
  noteDrift(tenantId: string, compared: readonly Vendor[], found: readonly Drift[]): Promise<void>;
  /** Reads what an attempt of a step needs and marks its run as running; undefined when another worker has the task. */
  beginStep(task: ClaimedTask): Promise<BegunStep | undefined>;
  /** Cancels the steps that wait; resolves to false when the run has ended. */
  cancel(runId: string): Promise<boolean>;
  /** Gives the failed steps new tasks; resolves to false when no step failed or the run was cancelled. */
  retry(runId: string): Promise<boolean>;
  /** Retries the latest failures that match, or cancels the open runs that match, of an owner or of all: at most 100 runs. */
  retryMatching(filter: RunFilter): Promise<{ count: number; remaining: number }>;
  cancelMatching(filter: RunFilter): Promise<{ count: number; remaining: number }>;
  claimEvents(limit: number): Promise<TenantEvent[]>;
  /** Marks an event as processed, or counts a failed attempt; then it is claimed again after its lease, up to five times. */
  settleEvent(id: number, problem?: string): Promise<void>;
  /** Writes that a worker is there, and where people find what its connectors create. */
  report(workerId: string, resourceUrls: Installation["resourceUrls"]): Promise<void>;
};
