import { addressWith, firstOf, type SearchParams } from "../../components/search-params.ts";

/** The filters of the list, as in its address. */
export type Filters = { search: string; deleted: boolean; cursor?: string | undefined };

export const tenantsPage = "/dashboard/tenants";

/** Reads the filters of an address. */
export function filtersOf(params: SearchParams): Filters {
  const cursor = firstOf(params, "cursor");
  return {
    search: firstOf(params, "search"),
    deleted: firstOf(params, "deleted") === "1",
    ...(cursor ? { cursor } : {}),
  };
}

/** The address of the list with these filters. */
export function listAddress({ search, deleted, cursor }: Filters): string {
  return addressWith(tenantsPage, { search, deleted: deleted ? "1" : "", cursor });
}
