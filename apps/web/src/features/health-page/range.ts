import { addressWith, firstOf, type SearchParams } from "../../components/search-params.ts";

/** The ranges of the page, by the word in its address, in days that end today. */
export const ranges = { "24h": 1, "30d": 30, "90d": 90 } as const;
export type Range = keyof typeof ranges;

const healthPage = "/dashboard/health";

/** Returns the range that the address selects; 90 days for none or an unknown one. */
export function rangeOf(params: SearchParams): Range {
  const asked = firstOf(params, "range");
  return Object.hasOwn(ranges, asked) ? (asked as Range) : "90d";
}

/** The address of a range. */
export function addressOf(range: Range): string {
  return addressWith(healthPage, { range: range === "90d" ? "" : range });
}
