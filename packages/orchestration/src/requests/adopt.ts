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
import { withDeadline } from "../deadline.ts";
import { subjectOf } from "../drift.ts";
import type { Connectors, ProvisionedTenant, ProvisioningStore } from "../ports.ts";
import { vendorFailure } from "./vendor-failure.ts";

type Parts = { store: ProvisioningStore; connectors: Connectors };
type Adoption = { tenant: ProvisionedTenant; vendor: Vendor; externalId: string; signal: AbortSignal };

// A user waits for the response.
const deadlineMs = 8_000;

/**
 * Claims a resource at its vendor for the tenant and records its id. Idempotent. Rejects with `invalid_input` for an id of
 * another form, with `conflict` for a resource of another tenant, and with the vendor's failures.
 */
export async function adoptService(
  { store, connectors }: Parts,
  { tenant, vendor, externalId, signal }: Adoption,
): Promise<Resource> {
  const id = resourceId[vendor].safeParse(externalId);
  if (!id.success) throw invalidId(vendor);
  const connector = connectors[vendor] as Connector | undefined;
  if (!connector) throw new SmarterosError("unavailable", `${vendor} is not set up at the backend.`);
  // Checked before the claim changes the vendor; `adopt` checks again in its transaction.
  if (await store.isTaken(vendor, String(id.data), tenant.id)) throw taken(vendor);
  const limit = { vendor, operation: "claim", deadlineMs, caller: signal };
  const resource = await withDeadline(limit, (limited) =>
    claimOnly(connector, id.data, subjectOf(tenant), limited),
  ).catch((thrown) => {
    throw vendorFailure(thrown);
  });
  const outcome = await store.adopt(tenant.id, vendor, String(resource.id));
  if (outcome === "taken") throw taken(vendor);
  if (outcome === undefined) throw new SmarterosError("not_found", "The tenant is gone.");
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

function invalidId(vendor: Vendor) {
  const path = "external_id";
  const forms = idForms().map(({ form, vendors }) => `${form} for ${vendors}`);
  const message = `Not an id of ${vendor}: ${forms.join(", ")}.`;
  return new SmarterosError("invalid_input", `${path}: ${message}`, { issues: [{ path, message }] });
}

const taken = (vendor: Vendor) =>
  new SmarterosError("conflict", `Another tenant has this id at ${vendor}. Look it up there again.`);
