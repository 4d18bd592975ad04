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

/** True for a service that is wanted and exists at its vendor, so that what a person has left to do there matters. */
export const isInUse = (service: { wanted: boolean; external_id: string | null; held: boolean }): boolean =>
  service.wanted && service.external_id !== null && !service.held;

/** What a person does at a vendor before a service works. Which vendor has which is in `provision_vendors.checklist`. */
export const checklistItems = [
  "connect_channel",
  "invite_agents",
  "publish_bot",
  "connect_inbox",
  "invite_users",
  "tax_data",
  "connect_accounts",
  "activate_workflows",
  "connect_data",
  "invite_viewers",
] as const;

/** An item of a service's checklist, with who did it and when. */
export type ChecklistItem = {
  item: (typeof checklistItems)[number];
  done_by: string | null;
  done_at: string | null;
};

/** Returns what a person has left to do at the vendor of a service that is in use; nothing for any other. */
export const leftToDo = (
  service: Parameters<typeof isInUse>[0] & { checklist: ChecklistItem[] },
): ChecklistItem["item"][] =>
  isInUse(service) ? service.checklist.filter(({ done_at }) => done_at === null).map(({ item }) => item) : [];
