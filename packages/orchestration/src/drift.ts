import { type Connector, resourceId, type Vendor } from "@smarteros/connectors";
import type { Drift, ProvisionedTenant } from "./ports.ts";

/**
 * How what is recorded of a tenant differs from what the vendor has under that id; undefined where they agree or nothing
 * is recorded. What is switched off while nobody wants it agrees. Rejects with the connector's errors.
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
  // What it is called is not told: it is somebody else's.
  if (resource.tenantId !== tenant.id) return drift("foreign");
  const { name, state } = resource;
  if (state === "incomplete") return drift("incomplete", name);
  if (state === "disabled" && isWanted(tenant, vendor)) return drift("disabled", name);
  if (name !== connector.nameOf(subjectOf(tenant), resource.id)) return drift("renamed", name);
  return undefined;
}

/** Whether a tenant is there and its flag asks for the vendor's service. */
export const isWanted = ({ active, wanted }: ProvisionedTenant, vendor: Vendor) => active && wanted[vendor];

/** What a connector is told of a tenant. */
export const subjectOf = ({ id, businessName, rut }: ProvisionedTenant) => ({
  tenantId: id,
  businessName,
  rut,
});
