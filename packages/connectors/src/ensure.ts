import type { Connector, Resource, ResourceId, Subject } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
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

/**
 * Ensures that the tenant has an active resource at the vendor: finds, creates, finds again. Idempotent, so that it can be
 * repeated after any failure. Concurrent calls for the same tenant and vendor may create duplicates, which are reported,
 * so the caller has to hold a lock. Rejects with `conflict` when a resource of another owner has the name.
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
    // A concurrent call may have created it. Only a resource with the tenant's id proves that.
    if (!ConnectorError.isInstance(thrown) || thrown.kind !== "conflict") throw thrown;
    const winner = preferred(await connector.find(subject, signal));
    if (winner?.state !== "active") throw thrown;
    return undefined;
  });
  const [all, chosen] = await again(connector, subject, signal);
  if (created === undefined) return ensured(all, chosen, "found");
  return first ? ensured(all, chosen, "completed") : ensured(all, chosen, "created", created);
}

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

async function again<Of extends Vendor>(
  connector: Connector<Of>,
  subject: Subject,
  signal: AbortSignal,
): Promise<[Resource<Of>[], Resource<Of>]> {
  const all = await connector.find(subject, signal);
  const chosen = preferred(all);
  if (chosen?.state === "active") return [all, chosen];
  throw new ConnectorError({
    vendor: connector.vendor,
    operation: "find",
    kind: "unknown",
    // The vendor hides a resource that was just created when the key lacks rights, as Chatwoot does.
    remedy: chosen ? "check_service" : "grant_permission",
  });
}

/** Returns the oldest active resource, else the oldest disabled one, else the oldest incomplete one. */
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

/** Returns the ids of the other resources and the leftovers. */
function others<Of extends Vendor>(all: Resource<Of>[], { id }: Resource<Of>): string[] {
  const further = all.filter((resource) => resource.id !== id).map((resource) => String(resource.id));
  return [...further, ...all.flatMap(({ leftovers }) => leftovers)];
}
