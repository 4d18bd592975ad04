import { type Vendor, vendors } from "@smarteros/connectors/vendors";

export const runFilterStates = ["open", "trouble", "succeeded", "partial", "failed", "cancelled"] as const;
export const askers = ["me", "people", "events"] as const;

/** The filters of the list of runs, as in its address. */
export type RunFilters = {
  /** Of a tenant's name or RUT. */
  search: string;
  tenant?: string | undefined;
  state?: (typeof runFilterStates)[number] | undefined;
  vendor?: Vendor | undefined;
  who?: (typeof askers)[number] | undefined;
  cursor?: string | undefined;
};

export type SearchParams = Record<string, string | string[] | undefined>;

const list = "/dashboard/runs";

/** Reads the filters of an address; of a name that is there twice the first counts, and what is not known is left out. */
export function runFiltersOf(params: SearchParams): RunFilters {
  const first = (name: string) => [params[name]].flat()[0]?.trim() ?? "";
  const oneOf = <Known extends string>(known: readonly Known[], name: string) =>
    known.find((value) => value === first(name));
  return {
    search: first("search"),
    tenant: first("tenant") || undefined,
    state: oneOf(runFilterStates, "state"),
    vendor: oneOf(vendors, "vendor"),
    who: oneOf(askers, "who"),
    cursor: first("cursor") || undefined,
  };
}

/** The address of the list with these filters. */
export function runsAddress(filters: Partial<RunFilters>): string {
  const { search, tenant, state, vendor, who, cursor } = filters;
  const given = Object.entries({ search, tenant, state, vendor, who, cursor }).filter(
    (pair): pair is [string, string] => Boolean(pair[1]),
  );
  const query = new URLSearchParams(given).toString();
  return query ? `${list}?${query}` : list;
}

/** Decides whether a filter beside the page is set. */
export const isFiltered = ({ cursor: _cursor, ...filters }: RunFilters) =>
  Object.values(filters).some(Boolean);
