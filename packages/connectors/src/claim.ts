import type { Connector, Resource, ResourceId } from "./connector.ts";
import { ConnectorError, type Remedy } from "./connector-error.ts";
import type { Vendor } from "./vendors.ts";

type Claimable<Of extends Vendor, Found> = {
  vendor: Of;
  /** Reads what the vendor has under the id; undefined where it has none. */
  look(id: ResourceId<Of>, signal: AbortSignal): Promise<Found | undefined>;
  asResource(found: Found, signal: AbortSignal): Resource<Of> | Promise<Resource<Of>>;
  /** Writes the tenant's mark into what carries none. Throws `unclaimable` where the vendor's data has no place for it. */
  mark(found: Found, tenantId: string, signal: AbortSignal): Promise<unknown>;
};

/** Makes a connector's `claim`: look, write, look again. */
export function claiming<Of extends Vendor, Found>({
  vendor,
  look,
  asResource,
  mark,
}: Claimable<Of, Found>): Connector<Of>["claim"] {
  const refused = (kind: "not_found" | "conflict") =>
    new ConnectorError({ vendor, operation: "claim", kind, remedy: "check_recorded_id" });

  return async (id, { tenantId }, signal) => {
    const found = await look(id, signal);
    if (!found) throw refused("not_found");
    const before = await asResource(found, signal);
    if (before.tenantId === tenantId) return before;
    if (before.tenantId !== undefined) throw refused("conflict");
    await mark(found, tenantId, signal);
    const marked = await look(id, signal);
    if (!marked) throw refused("not_found");
    const after = await asResource(marked, signal);
    if (after.tenantId === tenantId) return after;
    // Another write may have come between; a vendor may also drop what it does not know, with status 200.
    if (after.tenantId !== undefined) throw refused("conflict");
    const problem = { kind: "unknown", remedy: "check_vendor_version" } as const;
    throw new ConnectorError({ vendor, operation: "claim", ...problem });
  };
}

/** Makes the error for a resource that carries no mark and cannot take one. */
export function unclaimable(
  vendor: Vendor,
  remedy: Extract<Remedy, "choose_another_resource" | "clear_mark_field">,
): ConnectorError {
  return new ConnectorError({ vendor, operation: "claim", kind: "conflict", remedy });
}
