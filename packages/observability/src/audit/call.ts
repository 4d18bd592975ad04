import type { PagePosition } from "@smarteros/core/cursor";
import * as z from "zod";

/**
 * A recorded call. Without a result and with the code `outcome_unknown` it is an intent whose invocation was never
 * recorded.
 */
export const recordedCall = z.object({
  id: z.string(),
  at: z.string(),
  userId: z.string(),
  tool: z.string(),
  tenantId: z.string().nullable(),
  code: z.string().nullable(),
  success: z.boolean(),
  durationMs: z.number().nullable(),
  /** More than 1 only for calls over the limit, which share a row. */
  calls: z.number(),
  transport: z.string().nullable(),
  requestId: z.string().nullable(),
  traceId: z.string().nullable(),
  /** `self` where the user's own token wrote the row, so that its contents are the user's word; else `service`. */
  recordedBy: z.string().nullable(),
  /** True where a part of the arguments was left out or blanked. */
  redacted: z.boolean(),
  /** JSON as it was stored, or text where a limit cut it. */
  args: z.unknown(),
  result: z.unknown(),
});

export type RecordedCall = z.infer<typeof recordedCall>;

/** Filters of calls, all of which must match. Times are ISO 8601 with an offset, `to` excluded. */
export type CallFilters = {
  id?: string | undefined;
  user?: string | undefined;
  tool?: string | undefined;
  tenantId?: string | undefined;
  /** A code, `failed` for any but `ok`, `error` for those of them that ran, or `outcome_unknown`. */
  status?: string | undefined;
  requestId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

/** The audit log as one principal may read it: all of it with the capability `audit`, else the principal's own calls. */
export type CallLog = {
  /**
   * Reads the newest calls first, after a position where one is given, at most 1000, with intents unless `withIntents` is
   * false. May reject with its database's errors.
   */
  search(
    filters: CallFilters,
    page: { limit: number; after?: PagePosition | undefined; withIntents?: boolean },
    signal?: AbortSignal,
  ): Promise<RecordedCall[]>;
};
