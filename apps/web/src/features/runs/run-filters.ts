import { type ConnectorErrorKind, connectorErrorKinds } from "@smarteros/connectors/error-kinds";
import { type Vendor, vendors } from "@smarteros/connectors/vendors";
import { addressWith, firstOf, type SearchParams } from "../../components/search-params.ts";

export const runFilterStates = ["open", "trouble", "succeeded", "partial", "failed", "cancelled"] as const;
export const askers = ["me", "people", "events", "repairs"] as const;
const hourMs = 3_600_000;
/** The time since the last change of a step, by its word in the address, in milliseconds. */
const sinceMs = { "1h": hourMs, "24h": 24 * hourMs, "7d": 7 * 24 * hourMs } as const;
export const sinceRanges = Object.keys(sinceMs) as (keyof typeof sinceMs)[];

/** The filters of the list of runs, as in its address. */
export type RunFilters = {
  /** Of a tenant's name or RUT. */
  search: string;
  tenant?: string | undefined;
  state?: (typeof runFilterStates)[number] | undefined;
  vendor?: Vendor | undefined;
  error?: ConnectorErrorKind | undefined;
  since?: (typeof sinceRanges)[number] | undefined;
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
    error: oneOf(connectorErrorKinds, "error"),
    since: oneOf(sinceRanges, "since"),
    who: oneOf(askers, "who"),
    cursor: firstOf(params, "cursor") || undefined,
  };
}

/** The address of the list with these filters. */
export function runsAddress(filters: Partial<RunFilters>): string {
  const { search, tenant, state, vendor, error, since, who, cursor } = filters;
  return addressWith(runsPage, { search, tenant, state, vendor, error, since, who, cursor });
}

/** Returns the ISO date-time at which a range of time begins. */
export const sinceOf = (range: NonNullable<RunFilters["since"]>, now: number) =>
  new Date(now - sinceMs[range]).toISOString();

export type ManyAction = "retry" | "cancel";

/**
 * Returns what may be done with all runs of the filters; undefined without a vendor, an error or a time, which the tools require.
 * `narrower` where the list has a filter that the tools do not know, so that they would change more than it shows.
 */
export function manyOf(filters: RunFilters): ManyAction[] | "narrower" | undefined {
  const { search, tenant, state, vendor, error, since, who } = filters;
  if (!vendor && !error && !since) return undefined;
  if (search || tenant || who || state === "failed" || state === "partial") return "narrower";
  if (state === undefined) return ["retry", "cancel"];
  if (state === "trouble") return ["retry"];
  return state === "open" ? ["cancel"] : [];
}

/** Returns the filter of `services.retry` and `services.cancel` for the filters of the list. */
export const toolFilterOf = ({ vendor, error, since }: RunFilters, now: number) => ({
  ...(vendor && { vendor }),
  ...(error && { error }),
  ...(since && { since: sinceOf(since, now) }),
});

/** Decides whether a filter beside the page is set. */
export const isFiltered = ({ cursor: _cursor, ...filters }: RunFilters) =>
  Object.values(filters).some(Boolean);
