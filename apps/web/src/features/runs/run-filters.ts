import { type Vendor, vendors } from "@smarteros/connectors/vendors";
import { addressWith, firstOf, type SearchParams } from "../../components/search-params.ts";

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

export const runsPage = "/dashboard/runs";

/** Reads the filters of an address; what is not known is left out. */
export function runFiltersOf(params: SearchParams): RunFilters {
  const oneOf = <Known extends string>(known: readonly Known[], name: string) =>
    known.find((value) => value === firstOf(params, name));
  return {
    search: firstOf(params, "search"),
    tenant: firstOf(params, "tenant") || undefined,
    state: oneOf(runFilterStates, "state"),
    vendor: oneOf(vendors, "vendor"),
    who: oneOf(askers, "who"),
    cursor: firstOf(params, "cursor") || undefined,
  };
}

/** The address of the list with these filters. */
export function runsAddress({ search, tenant, state, vendor, who, cursor }: Partial<RunFilters>): string {
  return addressWith(runsPage, { search, tenant, state, vendor, who, cursor });
}

/** Decides whether a filter beside the page is set. */
export const isFiltered = ({ cursor: _cursor, ...filters }: RunFilters) =>
  Object.values(filters).some(Boolean);
