import type { Principal } from "@smarteros/core";
import * as z from "zod";

/** Calls that ran, those of them that failed, those refused over the limit, and latencies in milliseconds, to 1 %. */
const figures = z.object({
  calls: z.number(),
  errors: z.number(),
  limited: z.number(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
export type Figures = z.infer<typeof figures>;

export const callSummary = z.object({
  total: figures,
  /**
   * Figures of the period before, of the same length in whole hours or days (UTC); null where it was not counted
   * completely.
   */
  before: figures.extend({ from: z.string(), to: z.string() }).nullable(),
  /** Time buckets in order; one without a call is left out. */
  moments: z.array(figures.extend({ at: z.string() })),
  /**
   * Ten at most, most calls first, like the next two; empty for a caller without `audit`, and for a query about one user or
   * tenant.
   */
  tools: z.array(figures.extend({ tool: z.string() })),
  users: z.array(figures.extend({ user: z.string() })),
  tenants: z.array(figures.extend({ tenant: z.string() })),
  /** Calls per time bucket and latency band: `[at, band, calls]`; `latencyBands` has the bounds. */
  latencies: z.array(z.tuple([z.string(), z.number(), z.number()])),
  /**
   * Calls that users reported themselves, which no other figure includes; null in a user's own view, which includes them.
   */
  selfReported: figures.nullable(),
  /** The end of the rollups; later calls are read one by one. Null where nothing is rolled up. */
  countedUntil: z.string().nullable(),
});
export type CallSummary = z.infer<typeof callSummary>;

/**
 * The bounds of the latency bands in milliseconds: a call is in the band of the first bound above it; the last band has
 * none.
 */
export const latencyBands = [10, 30, 100, 300, 1_000, 3_000] as const;

/** A query of calls: times are ISO 8601 with an offset, `to` excluded; at most one of `user` and `tenantId`. */
export type CallQuestion = {
  from: string;
  to: string;
  tool?: string | undefined;
  user?: string | undefined;
  tenantId?: string | undefined;
};

export const callSums = callSummary.omit({ users: true, tenants: true });
export const callRanking = z.array(figures.extend({ key: z.string() }));

/** Counted calls as one principal may read them. Each method may reject with its database's errors. */
export type CallCounts = {
  /** Sums up all calls for a caller with the capability `audit`, and the caller's own for others. */
  summarize(question: CallQuestion, signal: AbortSignal): Promise<z.infer<typeof callSums>>;
  /**
   * Ranks the users or tenants with the most calls, ten at most. Rejects with `forbidden` without the capability `audit`.
   */
  rank(
    by: "user" | "tenant",
    question: Pick<CallQuestion, "from" | "to" | "tool">,
    signal: AbortSignal,
  ): Promise<z.infer<typeof callRanking>>;
};

/** Combines all figures of a query that a principal may see. Rejects as its counts do. */
export async function summarizeFor(
  { capabilities }: Principal,
  counts: CallCounts,
  question: CallQuestion,
  signal: AbortSignal,
): Promise<CallSummary> {
  const isRanked = capabilities.has("audit") && !question.user && !question.tenantId;
  const rank = async (by: "user" | "tenant") => (isRanked ? counts.rank(by, question, signal) : []);
  const [sums, users, tenants] = await Promise.all([
    counts.summarize(question, signal),
    rank("user"),
    rank("tenant"),
  ]);
  return {
    ...sums,
    users: users.map(({ key, ...figures }) => ({ ...figures, user: key })),
    tenants: tenants.map(({ key, ...figures }) => ({ ...figures, tenant: key })),
  };
}

const hour = 3_600_000;
const day = 24 * hour;

export const ranges = { "1h": hour, "24h": day, "7d": 7 * day, "30d": 30 * day, "90d": 90 * day } as const;
export type Range = keyof typeof ranges;

/**
 * Computes the period of a range that ends at `until`, in Unix milliseconds. It starts with a whole time bucket, and so a
 * little early: rollups are by whole hours and days.
 */
export function timeOf(range: Range, until: number): { from: string; to: string } {
  const to = new Date(until).toISOString();
  const from = new Date(until - ranges[range]).toISOString();
  const step = momentLength({ from, to });
  return { from: new Date(Math.floor(Date.parse(from) / step) * step).toISOString(), to };
}

/** Computes the length of a time bucket in milliseconds. The calls of one user of one tool are rolled up by the day only. */
export function momentLength({ from, to, tool }: CallQuestion): number {
  const length = Date.parse(to) - Date.parse(from);
  if (length < 2 * hour) return hour / 12;
  if (length <= 2 * day) return hour;
  return length <= 10 * day && !tool ? 6 * hour : day;
}
