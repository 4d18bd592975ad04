import { SmarterosError } from "@smarteros/core";

/** The tenant, or `not_found` in words that are the same for a missing tenant and for a foreign one. */
export function found<Found>(id: string, tenant: Found | undefined): Found {
  if (tenant !== undefined) return tenant;
  throw new SmarterosError(
    "not_found",
    `There is no tenant ${id} among yours. tenants.list shows those you can use.`,
  );
}
