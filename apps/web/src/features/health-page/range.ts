/** The ranges of the page, by the word in its address, in days that end today. */
export const ranges = { "24h": 1, "30d": 30, "90d": 90 } as const;
export type Range = keyof typeof ranges;

export type SearchParams = Record<string, string | string[] | undefined>;

const healthPage = "/dashboard/health";

/** Returns the range that the address selects; 90 days for none or an unknown one. */
export function rangeOf(params: SearchParams): Range {
  const asked = [params.range].flat()[0] ?? "";
  return Object.hasOwn(ranges, asked) ? (asked as Range) : "90d";
}

/** The address of a range. */
export function addressOf(range: Range): string {
  return range === "90d" ? healthPage : `${healthPage}?range=${range}`;
}
