import {
  type Connector,
  idForms,
  type Resource,
  type ResourceId,
  resourceId,
  type Subject,
  type Vendor,
} from "@smarteros/connectors";
import { SmarterosError } from "@smarteros/core";
import { withDeadline } from "@smarteros/orchestration";
import type { Tenant } from "@smarteros/tools-tenants";
import type { Provisioning } from "./provisioning.ts";
import { noSuchTenant } from "./tenants.ts";
import { vendorFailure } from "./vendor-failure.ts";

type Adoption = { tenant: Tenant; vendor: Vendor; externalId: string; signal: AbortSignal };

// A user waits for the response.
const deadlineMs = 8_000;

/**
 * Claims a resource at its vendor for the tenant and records its id. Idempotent. Rejects with `invalid_input` for an id of
 * another form, with `conflict` for a resource of another tenant, and with the vendor's failures.
 */
export async function adoptService(
  { store, connectors }: Provisioning,
  { tenant, vendor, externalId, signal }: Adoption,
): Promise<Resource> {
  const id = resourceId[vendor].safeParse(externalId);
  if (!id.success) throw invalidId(vendor);
  const connector = connectors.configured[vendor] as Connector | undefined;
  if (!connector) throw new SmarterosError("unavailable", `${vendor} is not set up at the backend.`);
  // Checked before the claim changes the vendor; `adopt` checks again in its transaction.
  if (await store.isTaken(vendor, String(id.data), tenant.id)) throw taken(vendor);
  const subject = { tenantId: tenant.id, businessName: tenant.business_name, rut: tenant.rut };
  const limit = { vendor, operation: "claim", deadlineMs, caller: signal };
  const resource = await withDeadline(limit, (limited) =>
    claimOnly(connector, id.data, subject, limited),
  ).catch((thrown) => {
    throw vendorFailure(thrown);
  });
  const outcome = await store.adopt(tenant.id, vendor, String(resource.id));
  if (outcome === "taken") throw taken(vendor);
  if (outcome === undefined) throw noSuchTenant();
  return resource;
}

/** Claims a resource. Rejects with `conflict` when the tenant has another one at the vendor, which would be found first. */
async function claimOnly(connector: Connector, id: ResourceId, subject: Subject, signal: AbortSignal) {
  const other = (await connector.find(subject, signal)).find((resource) => resource.id !== id);
  if (other)
    throw new SmarterosError(
      "conflict",
      `The tenant already has ${other.id} at ${connector.vendor}. Adopt that one, or remove its mark there first.`,
    );
  return connector.claim(id, subject, signal);
}

/** Throws `conflict` when one of the services is held, because a run would skip it. */
export async function refuseHeld(
  { store }: Provisioning,
  tenantId: string,
  services: readonly Vendor[],
): Promise<void> {
  const held = (await store.services(tenantId))
    .filter((standing) => standing.held && services.includes(standing.vendor))
    .map(({ vendor }) => vendor);
  if (held.length === 0) return;
  throw new SmarterosError(
    "conflict",
    `Held since the upgrade: ${held.join(", ")}. Adopt what the tenant has at the vendor (services.adopt), or ask for a new one with createNew.`,
  );
}

function invalidId(vendor: Vendor) {
  const path = "external_id";
  const forms = idForms().map(({ form, vendors }) => `${form} for ${vendors}`);
  const message = `Not an id of ${vendor}: ${forms.join(", ")}.`;
  return new SmarterosError("invalid_input", `${path}: ${message}`, { issues: [{ path, message }] });
}

const taken = (vendor: Vendor) =>
  new SmarterosError("conflict", `Another tenant has this id at ${vendor}. Look it up there again.`);
