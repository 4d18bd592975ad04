import { type Connector, resourceId, type Vendor } from "@smarteros/connectors";
import type { Drift, ProvisionedTenant } from "./ports.ts";

/**
 * Compares the recorded id of a tenant with the resource at the vendor. Resolves to undefined when they agree or nothing
 * is recorded; a disabled resource agrees while the service is not wanted. Rejects with the connector's errors.
 */
export async function driftOf(
  connector: Connector,
  tenant: ProvisionedTenant,
  signal: AbortSignal,
): Promise<Drift | undefined> {
  const { vendor } = connector;
  const recorded = tenant.externalIds[vendor];
  if (recorded === null) return undefined;
  const externalId = String(recorded);
  const found = resourceId[vendor].safeParse(recorded);
  const resource = found.success ? await connector.read(found.data, signal) : undefined;
  const drift = (kind: Drift["kind"], seenName: string | null = null) => ({
    vendor,
    kind,
    externalId,
    seenName,
  });
  if (!resource) return drift("missing");
  // Without the name, which is another tenant's.
  if (resource.tenantId !== tenant.id) return drift("foreign");
  const { name, state } = resource;
  if (state === "incomplete") return drift("incomplete", name);
  if (state === "disabled" && isWanted(tenant, vendor)) return drift("disabled", name);
  const subject = subjectOf(tenant);
  const given = [connector.nameOf(subject, resource.id), connector.formerNameOf?.(subject, resource.id)];
  if (!given.includes(name)) return drift("renamed", name);
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
