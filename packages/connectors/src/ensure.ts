import type { Connector, Resource, ResourceId, Settling, Subject } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import { startCreation } from "./creation.ts";
import { type Intent, type Intents, searchGapMs } from "./intents.ts";
import { Unsettled } from "./unsettled.ts";
import type { Vendor } from "./vendors.ts";

export type Ensured<Of extends Vendor = Vendor> = {
  /** The tenant's active resource, the oldest of several. */
  resource: Resource<Of>;
  /** The change that was necessary. `found` or `completed` after a creation with a lost response. */
  action: "found" | "created" | "completed" | "enabled";
  /** Id of the resource that this call created and that may therefore be removed; otherwise undefined. */
  created: ResourceId<Of> | undefined;
  /** Other resources with the tenant's id, for a person to review. */
  duplicates: readonly string[];
};

type EnsureOptions<Of extends Vendor> = {
  signal: AbortSignal;
  /** The intents of this tenant at this vendor. */
  intents: Intents;
  /** The id that is recorded for the tenant; its resource is read first and used if it is the tenant's own. */
  recorded?: ResourceId<Of> | undefined;
};

/**
 * Ensures that the tenant has an active resource at the vendor: reads the recorded one, finds, creates, finds again.
 * Idempotent, so that it can be repeated after any failure: while an earlier creation may still take effect it creates
 * nothing and rejects with `Unsettled`, or with `confirm_creation` when a person has to decide. Settles the intent of a
 * resource that exists as its last step: after a failure, a list that hides the resource again leads to no second one.
 * Concurrent calls for the same tenant and vendor may create duplicates, which are reported, so the caller has to hold a
 * lock. Rejects with `conflict` when a resource of another owner has the name.
 */
export async function ensure<Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  options: EnsureOptions<Of>,
): Promise<Ensured<Of>> {
  const { signal, intents } = options;
  const open = await intents.open();
  const before = await search(connector, subject, options);
  const first = preferred(before);
  if (open && (!first || first.lacksContents)) {
    await settleAbsent(connector.settling, connector.vendor, open, intents);
  }
  if (first?.state === "active") {
    if (open) await intents.settle("found");
    return ensured(before, first, "found");
  }
  if (first?.state === "disabled") {
    await connector.enable(first.id, subject.tenantId, signal);
    const all = await search(connector, subject, options);
    const chosen = requireActive(connector, all);
    if (open) await intents.settle("found");
    return ensured(all, chosen, "enabled");
  }
  const created = await createOnce(connector, subject, options, first);
  const all = await search(connector, subject, options);
  const seen = preferred(all);
  if (created === undefined) {
    const chosen = requireActive(connector, all);
    // A name can be refused before an intent is written.
    if (await intents.open()) await intents.settle("found");
    return ensured(all, chosen, "found");
  }
  if (!seen || seen.lacksContents) throw await unlisted(connector, subject, created, options);
  const chosen = requireActive(connector, all);
  await intents.settle(first && !first.lacksContents ? "found" : "created");
  return first ? ensured(all, chosen, "completed") : ensured(all, chosen, "created", created);
}

/**
 * Resolves to all resources of the tenant, the recorded one first, when no creation can add another. Rejects with `Unsettled`
 * while an open one may still take effect, and with `confirm_creation` when a person has to decide. Settles the intent of a
 * resource that exists.
 */
export async function findSettled<Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  options: EnsureOptions<Of>,
): Promise<Resource<Of>[]> {
  const { intents } = options;
  const open = await intents.open();
  const found = await search(connector, subject, options);
  const first = preferred(found);
  if (open && first && !first.lacksContents) await intents.settle("found");
  else if (open) await settleAbsent(provenAbsence(connector.settling), connector.vendor, open, intents);
  return found;
}

/** A unique name makes it safe to create again, and says nothing about a creation that is late. */
const provenAbsence = (settling: Settling): Settling =>
  settling.kind === "unique_name" ? { ...settling, kind: "consistent_list" } : settling;

export type Preview<Of extends Vendor = Vendor> = {
  /** The change that `ensure` would make. */
  action: "none" | "create" | "complete" | "enable";
  /** The existing resource. */
  resource: Resource<Of> | undefined;
  duplicates: readonly string[];
};

/** Resolves to the change that `ensure` would make, without making it. */
export async function preview<Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  signal: AbortSignal,
): Promise<Preview<Of>> {
  const all = await connector.find(subject, signal);
  const resource = preferred(all);
  const action = resource ? wants[resource.state] : "create";
  return { action, resource, duplicates: resource ? others(all, resource) : [] };
}

const wants = { active: "none", disabled: "enable", incomplete: "complete" } as const;

/** Resolves to all resources of the tenant, the recorded one first, also when the vendor's list does not show it. */
async function search<Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  { signal, recorded }: EnsureOptions<Of>,
): Promise<Resource<Of>[]> {
  const known = recorded === undefined ? undefined : await connector.read(recorded, signal);
  const listed = await connector.find(subject, signal);
  if (known?.tenantId !== subject.tenantId) return listed;
  const same = listed.find(({ id }) => id === known.id);
  return [same ?? known, ...listed.filter((resource) => resource !== same)];
}

/**
 * Resolves when the open intent no longer prevents a creation. Rejects with `Unsettled` while it does, and with
 * `confirm_creation` when only a person can settle it.
 */
async function settleAbsent(
  settling: Settling,
  vendor: Vendor,
  open: Intent,
  intents: Intents,
): Promise<void> {
  if (settling.kind === "unique_name") return;
  const restMs = settling.settleAfterMs - open.ageMs;
  // Creations that are late by seconds are found soon, those that are late by minutes are rare.
  if (restMs > 0) throw new Unsettled(vendor, Math.min(Math.max(searchGapMs, open.ageMs / 2), restMs));
  if (settling.kind === "uncertain_list" || open.doubtful) throw unconfirmed(vendor);
  const { emptySearches } = await intents.countEmptySearch();
  if (emptySearches < 2) throw new Unsettled(vendor, searchGapMs);
  await intents.settle("absent");
}

/**
 * Creates the resource and resolves to its id, or to undefined when the vendor refused because the name belongs to an active
 * resource of the tenant. Settles the intent of a creation that failed, unless it may have had an effect.
 */
async function createOnce<Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  { signal, intents }: EnsureOptions<Of>,
  unfinished: Resource<Of> | undefined,
): Promise<ResourceId<Of> | undefined> {
  const { creation, seen } = startCreation(intents);
  try {
    return await connector.create(subject, signal, creation, unfinished);
  } catch (thrown) {
    if (!seen.isAnswered) throw thrown;
    // An earlier or a concurrent call may have created it. Only a resource with the tenant's id proves that. A name that is taken
    // is `unavailable` where a list hides who has it.
    const isTaken = ConnectorError.isInstance(thrown) && ["conflict", "unavailable"].includes(thrown.kind);
    const isOwn = isTaken && preferred(await connector.find(subject, signal))?.state === "active";
    if (isOwn) return undefined;
    // A list that lags may not show what an earlier request of this creation created.
    const mayBeHidden = seen.hasChanged && connector.settling.kind === "uncertain_list";
    if (seen.isBegun && !mayBeHidden) await intents.settle("refused");
    throw thrown;
  }
}

/** Resolves to the error for a created resource that the vendor's list does not show. The intent stays open. */
async function unlisted<Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  created: ResourceId<Of>,
  { signal, intents }: EnsureOptions<Of>,
): Promise<Error> {
  await intents.doubt();
  const resource = await connector.read(created, signal);
  const isMarked = resource === undefined || resource.tenantId === subject.tenantId;
  return isMarked ? new Unsettled(connector.vendor, searchGapMs) : unconfirmed(connector.vendor);
}

const unconfirmed = (vendor: Vendor) =>
  new ConnectorError({ vendor, operation: "find", kind: "conflict", remedy: "confirm_creation" });

function requireActive<Of extends Vendor>({ vendor }: Connector<Of>, all: Resource<Of>[]): Resource<Of> {
  const chosen = preferred(all);
  if (chosen?.state === "active") return chosen;
  throw new ConnectorError({ vendor, operation: "find", kind: "unknown", remedy: "check_service" });
}

/** Returns the oldest active resource, else the oldest disabled one, else the oldest incomplete one. */
export function preferred<Of extends Vendor>(all: Resource<Of>[]): Resource<Of> | undefined {
  const states = ["active", "disabled", "incomplete"] as const;
  return states.flatMap((state) => all.filter((resource) => resource.state === state))[0];
}

function ensured<Of extends Vendor>(
  all: Resource<Of>[],
  resource: Resource<Of>,
  action: Ensured<Of>["action"],
  created?: ResourceId<Of>,
): Ensured<Of> {
  return { resource, action, created, duplicates: others(all, resource) };
}

/** Returns the ids of the other resources and the leftovers. */
function others<Of extends Vendor>(all: Resource<Of>[], { id }: Resource<Of>): string[] {
  const further = all.filter((resource) => resource.id !== id).map((resource) => String(resource.id));
  return [...further, ...all.flatMap(({ leftovers }) => leftovers)];
}
