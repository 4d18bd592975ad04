import { type CallQuestion, type Range, ranges, timeOf } from "@smarteros/observability";
import { summarizeCalls } from "@smarteros/observability/tools";
import { zonedTimeToIso } from "@smarteros/ui/zoned-time.ts";
import type * as z from "zod";
import { addressWith, firstOf, type SearchParams } from "../../components/search-params.ts";

export const analyticsPage = "/dashboard/analytics";

/** The filters of the address, as text. */
export type AnalyticsParams = Record<(typeof paramNames)[number], string>;
const paramNames = ["range", "from", "to", "tool", "user", "tenant"] as const;

const accepted = summarizeCalls.input.omit({ range: true });
const longest = 400 * 86_400_000;

/** Reads the filters of an address. */
export function readParams(params: SearchParams): AnalyticsParams {
  return Object.fromEntries(paramNames.map((name) => [name, firstOf(params, name)])) as AnalyticsParams;
}

/** Returns the range that the filters name, where they give no times instead. */
export function rangeOf({ range, from, to }: AnalyticsParams): Range | undefined {
  if (from || to) return undefined;
  return range === "" ? "24h" : Object.hasOwn(ranges, range) ? (range as Range) : undefined;
}

/** Parses the filters into a question, or returns the name of the first invalid one. */
export function questionOf(
  filters: AnalyticsParams,
  timeZone: string,
  now: number,
): { ok: true; question: CallQuestion } | { ok: false; name: string } {
  const range = rangeOf(filters);
  if (!range && !filters.from && !filters.to) return { ok: false, name: "range" };
  const given = {
    from: filters.from && zonedTimeToIso(filters.from, timeZone),
    to: filters.to && zonedTimeToIso(filters.to, timeZone),
    tool: filters.tool,
    user: filters.user,
    tenantId: filters.tenant,
  };
  const parsed = accepted.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "")),
  );
  if (!parsed.success) return { ok: false, name: nameOf(parsed.error) };
  const { from, to, ...others } = parsed.data;
  const until = to === undefined ? now : Date.parse(to);
  const since = Date.parse(from ?? timeOf(range ?? "24h", until).from);
  if (since >= until || until - since > longest) return { ok: false, name: "from" };
  if (others.user !== undefined && others.tenantId !== undefined) return { ok: false, name: "tenant" };
  return {
    ok: true,
    question: { ...others, from: new Date(since).toISOString(), to: new Date(until).toISOString() },
  };
}

function nameOf({ issues }: z.ZodError): string {
  const name = String(issues[0]?.path[0] ?? "");
  return name === "tenantId" ? "tenant" : name;
}

/** The address of this page with these filters. */
export const addressOf = (filters: Partial<AnalyticsParams>) => addressWith(analyticsPage, filters);
