/** The filters of the list, as in its address. */
export type Filters = { search: string; deleted: boolean; cursor?: string | undefined };

export type SearchParams = Record<string, string | string[] | undefined>;

const list = "/dashboard/tenants";

/** Reads the filters of an address; of a name that is there twice, the first counts. */
export function filtersOf(params: SearchParams): Filters {
  const first = (name: string) => [params[name]].flat()[0];
  const cursor = first("cursor");
  return {
    search: first("search")?.trim() ?? "",
    deleted: first("deleted") === "1",
    ...(cursor ? { cursor } : {}),
  };
}

/** The address of the list with these filters. */
export function listAddress({ search, deleted, cursor }: Filters): string {
  const query = new URLSearchParams({
    ...(search ? { search } : {}),
    ...(deleted ? { deleted: "1" } : {}),
    ...(cursor ? { cursor } : {}),
  }).toString();
  return query ? `${list}?${query}` : list;
}
