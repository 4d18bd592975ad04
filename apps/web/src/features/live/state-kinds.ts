import type { Run, Service, Step } from "@smarteros/tools-fastapi/provisioning-log";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import type { StatusKind } from "@smarteros/ui/status.tsx";

/** The status that each state of a run is shown as. */
export const runKinds: Record<Run["state"], StatusKind> = {
  queued: "none",
  running: "running",
  succeeded: "ok",
  partial: "warning",
  failed: "down",
  cancelled: "none",
};

/** The status that each state of a step is shown as. */
export const stepKinds: Record<Step["state"], StatusKind> = {
  queued: "none",
  running: "running",
  waiting: "warning",
  succeeded: "ok",
  failed: "down",
  cancelled: "none",
  skipped: "none",
  unsupported: "warning",
  undone: "none",
  undo_failed: "down",
};

const serviceKinds: Record<Service["state"], StatusKind> = {
  absent: "none",
  queued: "none",
  running: "running",
  waiting: "warning",
  active: "ok",
  disabled: "none",
  unsupported: "warning",
  failed: "down",
};

/**
 * Returns the label and status of a service's state: a wanted service that does not exist yet is not merely absent. Of a failed
 * one, its row does not show whether it failed to be undone.
 */
export function appearanceOf(service: Service, isUndoFailed = false) {
  const { state, wanted, drift } = service;
  if (isHeld(service)) return { word: "held", kind: "pending" } as const;
  if (isUndoFailed) return { word: "undoFailed", kind: "down" } as const;
  const there = isThere(service);
  const isQuiet = state === "absent" || state === "disabled";
  // What is wanted and missing is first of all that.
  if (drift && (there || (isQuiet && !(wanted && drift === "missing"))))
    return { word: "drifted", kind: "warning" } as const;
  if (there && wanted) return { word: "active", kind: "ok" } as const;
  if (state === "active") return { word: "unwanted", kind: "warning" } as const;
  if (state === "absent" && wanted) return { word: "pending", kind: "pending" } as const;
  if (state === "disabled" && wanted) return { word: "toEnable", kind: "pending" } as const;
  return { word: state, kind: serviceKinds[state] } as const;
}

// What a vendor could not disable was never touched.
const isThere = ({ state }: Service) => state === "active" || state === "unsupported";

/** Decides whether a service waits for a decision after an upgrade. */
export const isHeld = (service: Service) => service.held && !isOpen(service);

/** Returns true when a person decides what the vendor has: of a held service, and of a creation of unknown outcome. */
export const needsDecision = (service: Service) =>
  isHeld(service) || (service.state === "failed" && service.remedy === "confirm_creation");

// Another name may be intended at the vendor, and of several resources a person chooses one.
const undecided: ReadonlySet<Service["drift"]> = new Set([null, "renamed", "duplicate"]);

/** Decides whether provisioning repairs the drift of a service. */
export const isRepairable = ({ wanted, drift, held }: Service) => wanted && !held && !undecided.has(drift);

/** Services that are wanted and are not there, or not well; those that are held wait for a decision of their own. */
export function unfinished(services: Service[]): Service[] {
  return services.filter(
    (service) =>
      service.wanted && !service.held && !isOpen(service) && (!isThere(service) || isRepairable(service)),
  );
}

/** Decides whether a retry has something to do: the failed steps of a run, or what a cancelled run failed to undo. */
export const isRetriable = (run: Run) =>
  !isOpen(run) &&
  run.provision_steps.some(({ state }) => state === (run.cancelled_at === null ? "failed" : "undo_failed"));

/** Decides whether what a cancelled run created for the service is still at the vendor, as far as these runs show. */
export const hasUndoFailed = ({ state, vendor, run_id: id }: Service, runs: Run[]) =>
  state === "failed" &&
  runs.some(
    (run) =>
      run.id === id &&
      run.provision_steps.some((step) => step.vendor === vendor && step.state === "undo_failed"),
  );

/**
 * Returns when the services of a tenant were last compared with their vendors, the oldest time of those that there is
 * something to compare of; undefined before the first comparison.
 */
export const lastComparison = (services: Service[]): string | undefined =>
  services
    .filter(({ wanted, external_id: id }) => wanted || id !== null)
    .flatMap(({ compared_at: at }) => at ?? [])
    .toSorted()[0];
