import type { Connector, Resource, ResourceId } from "./connector.ts";
import { ConnectorError, type Remedy } from "./connector-error.ts";
import type { Vendor } from "./vendors.ts";

type Claimable<Of extends Vendor, Found> = {
  vendor: Of;
  /** Reads the vendor's object; undefined if there is none. */
  load(id: ResourceId<Of>, signal: AbortSignal): Promise<Found | undefined>;
  asResource(found: Found, signal: AbortSignal): Resource<Of> | Promise<Resource<Of>>;
  /** Writes the tenant's mark on an unmarked object. Throws `unclaimable` when the object has no field for it. */
  mark(found: Found, tenantId: string, signal: AbortSignal): Promise<unknown>;
};

/** Creates a connector's `claim`, which reads, writes the mark and reads again. */
export function createClaim<Of extends Vendor, Found>({
  vendor,
  load,
  asResource,
  mark,
}: Claimable<Of, Found>): Connector<Of>["claim"] {
  const refused = (kind: "not_found" | "conflict") =>
    new ConnectorError({ vendor, operation: "claim", kind, remedy: "check_recorded_id" });

  return async (id, { tenantId }, signal) => {
    const found = await load(id, signal);
    if (!found) throw refused("not_found");
    const before = await asResource(found, signal);
    if (before.tenantId === tenantId) return before;
    if (before.tenantId !== undefined) throw refused("conflict");
    await mark(found, tenantId, signal);
    const marked = await load(id, signal);
    if (!marked) throw refused("not_found");
    const after = await asResource(marked, signal);
    if (after.tenantId === tenantId) return after;
    // A concurrent write may have replaced the mark, or the vendor dropped an unknown field with status 200.
    if (after.tenantId !== undefined) throw refused("conflict");
    const problem = { kind: "unknown", remedy: "check_vendor_version" } as const;
    throw new ConnectorError({ vendor, operation: "claim", ...problem });
  };
}

/** Creates the error for an unmarked resource that cannot be marked. */
export function unclaimable(
  vendor: Vendor,
  remedy: Extract<Remedy, "choose_another_resource" | "clear_mark_field">,
): ConnectorError {
  return new ConnectorError({ vendor, operation: "claim", kind: "conflict", remedy });
}
