import { SmarterosError } from "@smarteros/core";

/** Returns the tenant. Throws `not_found` with one message for a missing tenant and a foreign one. */
export function found<Found>(id: string, tenant: Found | undefined): Found {
  if (tenant !== undefined) return tenant;
  throw new SmarterosError(
    "not_found",
    `There is no tenant ${id} among yours. tenants.list shows those you can use.`,
  );
}
