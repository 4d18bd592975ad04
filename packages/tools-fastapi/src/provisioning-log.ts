import type { ConnectorErrorKind } from "@smarteros/connectors/errors";
import type { Vendor } from "@smarteros/connectors/vendors";
import type { PagePosition } from "@smarteros/core/cursor";
import type { HeldPosition } from "./held-position.ts";
import type { FailedEvent, HeldService, OpenBreaker, Run, Service } from "./provisioning-rows.ts";
import type { RunState } from "./provisioning-states.ts";

export { heldCursorAfter, heldPositionOf } from "./held-position.ts";
export type { FailedEvent, HeldService, OpenBreaker, Run, Service, Step } from "./provisioning-rows.ts";

/** What is followed: all services of a tenant, or one run. */
export type Subject = { kind: "tenant" | "run"; id: string };

/** The state at one time: of a tenant its services in the order of the vendors and its newest runs, or one run only. */
export type Snapshot = { services: Service[]; runs: Run[] };

/** Filters of runs, all of which must match. */
export type RunFilters = {
  tenantId?: string | undefined;
  tenantIds?: string[] | undefined;
  /** Runs with a step of this vendor, with this kind of failure and changed since this ISO date-time; all steps of such a run are in it. */
  vendor?: Vendor | undefined;
  error?: ConnectorErrorKind | undefined;
  since?: string | undefined;
  /** A state, `open` for those that have not ended, or `trouble` for those that ended with a failure. */
  state?: RunState | "open" | "trouble" | undefined;
  /** A user's id. */
  requestedBy?: string | undefined;
  /** Whether an event, a person or the repair of a difference requested it. */
  origin?: "event" | "person" | "repair" | undefined;
};

/**
 * What is recorded of provisioning, as one principal may read it: of an owner's own tenants, of all for support and
 * administrators. All methods may reject with their database's errors.
 */
export type ProvisioningLog = {
  /**
   * Reads the current state of a subject. Rejects with the same `not_found` for what does not exist and for what the
   * principal may not see.
   */
  snapshot(subject: Subject, signal: AbortSignal): Promise<Snapshot>;
  /** Reads the newest runs first, after a position where one is given. */
  runs(
    filters: RunFilters,
    page: { limit: number; after?: PagePosition | undefined },
    signal: AbortSignal,
  ): Promise<Run[]>;
  /** Reads held services, wanted ones first, then by tenant and vendor; `recorded` ones have an external id. */
  heldServices(
    page: { limit: number; after?: HeldPosition | undefined; recorded?: boolean },
    signal: AbortSignal,
  ): Promise<HeldService[]>;
  /** Counts holds: of one vendor or all, open, released or both. */
  countHolds(which: { vendor?: Vendor; open?: boolean }, signal: AbortSignal): Promise<number>;
  /** Reads the events of a tenant that failed five times and are not tried again, the oldest 20 first. */
  failedEvents(tenantId: string, signal: AbortSignal): Promise<FailedEvent[]>;
  /** Reads the vendors whose circuit breaker has not closed since it opened, in the order of the vendors. */
  openBreakers(signal: AbortSignal): Promise<OpenBreaker[]>;
};
