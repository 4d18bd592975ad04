import type { Connector, Resource, ResourceId, Subject } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import type { Vendor } from "./vendors.ts";

export type Ensured<Of extends Vendor = Vendor> = {
  /** The tenant's resource, active: the oldest such where there are several. */
  resource: Resource<Of>;
  /** What had to be done. After a lost answer a creation reads as `found` or `completed`. */
  action: "found" | "created" | "completed" | "enabled";
  /** The id that this very call created, and which may therefore be undone; undefined for all else. */
  created: ResourceId<Of> | undefined;
  /** What else carries the tenant's id: to be reported, and left to a person. */
  duplicates: readonly string[];
};

/**
 * Sees to it that the tenant has an active resource at the vendor: find, create, find again. May be repeated after any
 * failure. Two at once for the same tenant and vendor may create two, which are then reported: the caller holds the
 * lock. Rejects with `conflict` when a name is taken by what is not this tenant's.
 */
export async function ensure<Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  signal: AbortSignal,
): Promise<Ensured<Of>> {
  const before = await connector.find(subject, signal);
  const first = preferred(before);
  if (first?.state === "active") return ensured(before, first, "found");
  if (first?.state === "disabled") {
    await connector.enable(first.id, subject.tenantId, signal);
    return ensured(...(await again(connector, subject, signal)), "enabled");
  }
  const created = await connector.create(subject, signal).catch(async (thrown) => {
    // Somebody may have been faster with the same name; only what carries the tenant's id settles it.
    if (!ConnectorError.isInstance(thrown) || thrown.kind !== "conflict") throw thrown;
    const winner = preferred(await connector.find(subject, signal));
    if (winner?.state !== "active") throw thrown;
    return undefined;
  });
  const [all, kept] = await again(connector, subject, signal);
  if (created === undefined) return ensured(all, kept, "found");
  return first ? ensured(all, kept, "completed") : ensured(all, kept, "created", created);
}

export type Preview<Of extends Vendor = Vendor> = {
  /** What `ensure` would have to do. */
  action: "none" | "create" | "complete" | "enable";
  /** What is there already. */
  resource: Resource<Of> | undefined;
  duplicates: readonly string[];
};

/** What `ensure` would do, without doing any of it. */
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

async function again<Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  signal: AbortSignal,
): Promise<[Resource<Of>[], Resource<Of>]> {
  const all = await connector.find(subject, signal);
  const kept = preferred(all);
  if (kept?.state === "active") return [all, kept];
  throw new ConnectorError({
    vendor: connector.vendor,
    operation: "find",
    kind: "unknown",
    // What was just made and is not listed is kept from us, as Chatwoot does with inboxes of others.
    remedy: kept ? "check_service" : "grant_permission",
  });
}

/** The oldest of those that are nearest to being of use. */
function preferred<Of extends Vendor>(all: Resource<Of>[]): Resource<Of> | undefined {
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

/** What else carries the tenant's id. */
function others<Of extends Vendor>(all: Resource<Of>[], { id }: Resource<Of>): string[] {
  const further = all.filter((resource) => resource.id !== id).map((resource) => String(resource.id));
  return [...further, ...all.flatMap(({ leftovers }) => leftovers)];
}
