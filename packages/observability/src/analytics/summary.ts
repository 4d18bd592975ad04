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
  /** Of the time before, as long as this one by whole hours or days (UTC); null where not all of it was counted. */
  before: figures.extend({ from: z.string(), to: z.string() }).nullable(),
  /** In order; a moment without a call is left out. */
  moments: z.array(figures.extend({ at: z.string() })),
  /**
   * Most calls first, as are the next two: ten at most, none for who sees their own calls alone or asks of one user or
   * tenant.
   */
  tools: z.array(figures.extend({ tool: z.string() })),
  users: z.array(figures.extend({ user: z.string() })),
  tenants: z.array(figures.extend({ tenant: z.string() })),
  /** How many calls of a moment fell into a band of latency: `[at, band, calls]`; `latencyBands` has the bounds. */
  latencies: z.array(z.tuple([z.string(), z.number(), z.number()])),
  /** What users reported themselves, which is in no other figure; null in a user's own view, which counts it. */
  selfReported: figures.nullable(),
  /** Up to where the database has counted ahead; what came later is read call by call. Null where nothing is counted. */
  countedUntil: z.string().nullable(),
});
export type CallSummary = z.infer<typeof callSummary>;

/** Milliseconds below which a call belongs to the band of that index; the last band has no bound. */
export const latencyBands = [10, 30, 100, 300, 1_000, 3_000] as const;

/** What is asked: moments are ISO 8601 with an offset, `to` excluded; at most one of `user` and `tenantId`. */
export type CallQuestion = {
  from: string;
  to: string;
  tool?: string | undefined;
  user?: string | undefined;
  tenantId?: string | undefined;
};

export const callSums = callSummary.omit({ users: true, tenants: true });
export const callRanking = z.array(figures.extend({ key: z.string() }));

/** The counted calls as one principal may read them. Each may reject with its database's errors. */
export type CallCounts = {
  /** Everybody's calls for whoever has the capability `audit`, for others their own. */
  summarize(question: CallQuestion, signal: AbortSignal): Promise<z.infer<typeof callSums>>;
  /** Who, or which tenants, had the most calls, ten at most; for whoever has the capability `audit`, else `forbidden`. */
  rank(
    by: "user" | "tenant",
    question: Pick<CallQuestion, "from" | "to" | "tool">,
    signal: AbortSignal,
  ): Promise<z.infer<typeof callRanking>>;
};

/** All that a principal may know of the calls that are asked for. Rejects as its counts do. */
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
 * The time of a range that ends at a moment. It begins with a whole moment of the chart, and so a little earlier than its
 * name says: what is counted ahead is counted by whole hours and days.
 */
export function timeOf(range: Range, until: number): { from: string; to: string } {
  const to = new Date(until).toISOString();
  const from = new Date(until - ranges[range]).toISOString();
  const step = momentLength({ from, to });
  return { from: new Date(Math.floor(Date.parse(from) / step) * step).toISOString(), to };
}

/** Milliseconds of a moment in the time that is asked for. What a user did with one tool is counted by the day alone. */
export function momentLength({ from, to, tool }: CallQuestion): number {
  const length = Date.parse(to) - Date.parse(from);
  if (length < 2 * hour) return hour / 12;
  if (length <= 2 * day) return hour;
  return length <= 10 * day && !tool ? 6 * hour : day;
}
