import { type Connector, preferred, type Resource, resourceId, type Vendor } from "@smarteros/connectors";
import type { ComparedService, Drift, ProvisionedTenant } from "./ports.ts";

/** What brings a service back to what is wanted: a step of a run, or once more the undoing of a cancelled run. */
type Repair = "provision" | "disable" | "undo";

/** `repair` is missing where only a person can decide. */
export type Difference = Drift & { repair?: Repair | undefined };

/**
 * Compares the record of a service without an open step with all that carries the tenant's id at its vendor. Resolves to undefined when they agree.
 * Rejects with the connector's errors.
 */
export async function compareService(
  connector: Connector,
  tenant: ProvisionedTenant,
  service: ComparedService,
  signal: AbortSignal,
): Promise<Difference | undefined> {
  const { vendor } = connector;
  const recorded = tenant.externalIds[vendor];
  const id = resourceId[vendor].safeParse(recorded);
  const [known, listed] = await Promise.all([
    id.success ? connector.read(id.data, signal) : undefined,
    connector.find(subjectOf(tenant), signal),
  ]);
  const isOwn = known?.tenantId === tenant.id;
  // A list may lag behind.
  const own = known && isOwn && !listed.some((one) => one.id === known.id) ? [known, ...listed] : listed;
  const difference = (kind: Drift["kind"], resource?: Resource, repair?: Repair): Difference => {
    const externalId = resource ? String(resource.id) : recorded === null ? null : String(recorded);
    return { vendor, kind, externalId, seenName: resource?.name ?? null, repair };
  };

  // A service of an earlier release carries no tenant's id until it is adopted.
  if (tenant.held.includes(vendor)) {
    if (recorded === null || (known && (isOwn || known.tenantId === undefined))) return undefined;
    return difference(known ? "foreign" : "missing");
  }
  // Without the name, which is another tenant's.
  if (known && !isOwn) return difference("foreign");

  const isKept = isWanted(tenant, vendor) || service.requested;
  const goal = isWanted(tenant, vendor) ? "provision" : service.requested ? undefined : "disable";
  const resource = own.find((one) => one.id === known?.id) ?? preferred(own);
  if (!resource) {
    if (service.halfMade) return difference("half_made", undefined, goal);
    const isExpected = isKept || (recorded !== null && service.state !== "disabled");
    return isExpected ? difference("missing", undefined, isKept ? goal : undefined) : undefined;
  }
  if (service.undoFailed !== null && !isKept) return difference("not_undone", resource, "undo");
  if (recorded === null || String(resource.id) !== String(recorded))
    return difference("unrecorded", resource, goal);
  const { state } = resource;
  // An unfinished service that is switched off is inert.
  if (state === "incomplete" && (isKept || service.state !== "disabled"))
    return difference("incomplete", resource, goal);
  if (state === "disabled" && isKept) return difference("disabled", resource, goal);
  if (state === "active" && !isKept && service.state !== "unsupported")
    return difference("unwanted", resource, "disable");
  if (own.length > 1 || own.some(({ leftovers }) => leftovers.length > 0))
    return difference("duplicate", resource);
  const subject = subjectOf(tenant);
  const given = [connector.nameOf(subject, resource.id), connector.formerNameOf?.(subject, resource.id)];
  if (!given.includes(resource.name)) return difference("renamed", resource);
  return undefined;
}

/** Returns true when the tenant is active and its flag turns the vendor's service on. */
export const isWanted = ({ active, wanted }: ProvisionedTenant, vendor: Vendor) => active && wanted[vendor];

/** Returns the part of a tenant that connectors use. */
export const subjectOf = ({ id, businessName, rut }: ProvisionedTenant) => ({
  tenantId: id,
  businessName,
  rut,
});
