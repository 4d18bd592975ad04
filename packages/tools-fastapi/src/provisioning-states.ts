// The states of runs, steps and services, as the database, the backend and the pages know them.

export const openRunStates = ["queued", "running"] as const;
export const runStates = [...openRunStates, "succeeded", "partial", "failed", "cancelled"] as const;
export type RunState = (typeof runStates)[number];

const openStates = [...openRunStates, "waiting"] as const;
export const stepStates = [
  ...openStates,
  "succeeded",
  "failed",
  "cancelled",
  "skipped",
  "unsupported",
  "undone",
  "undo_failed",
] as const;
export type StepState = (typeof stepStates)[number];

export const serviceStates = [
  "absent",
  ...openStates,
  "active",
  "disabled",
  "unsupported",
  "failed",
] as const;
export type ServiceState = (typeof serviceStates)[number];

export const stepActions = ["provision", "disable", "remove"] as const;
export type StepAction = (typeof stepActions)[number];

/** The kinds of drift: how a tenant's record differs from what its vendor has. */
export const driftKinds = [
  "missing",
  "foreign",
  "disabled",
  "incomplete",
  "renamed",
  "duplicate",
  "unwanted",
  "half_made",
  "not_undone",
  "unrecorded",
] as const;
export type DriftKind = (typeof driftKinds)[number];

const open: readonly string[] = openStates;

/** Returns whether a run, a step or a service is still being worked on: queued, running or waiting for its next attempt. */
export const isOpen = ({ state }: { state: RunState | StepState | ServiceState }) => open.includes(state);

/** Returns a text as the value of a list that it is. Throws where it is none of them. */
export function oneOf<Value extends string>(values: readonly Value[], text: string | null): Value {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new Error(`"${text}" is none of ${values.join(", ")}`);
  return found;
}
