import * as z from "zod";

const count = z.number().int().nonnegative();

const countedCalls = z.object({
  /** Length of the window, up to now. */
  minutes: count,
  /** Empty for all tools together. */
  tool: z.string(),
  calls: count,
  /** Calls that failed because of us or a vendor; errors of callers burn no budget. */
  failed: count,
  /** Calls slower than each threshold in milliseconds. */
  slow: z.record(z.string(), count),
});

/** The measurements that rules are evaluated on, from one read of the database. */
export const observations = z.object({
  calls: z.array(countedCalls),
  probes: z.array(
    z.object({
      service: z.string(),
      status: z.enum(["ok", "degraded", "error"]),
      error: z.string().nullable(),
      at: z.iso.datetime({ offset: true }),
    }),
  ),
  /** Steps of the last hour that failed, by vendor. Vendors with no failure are included where they had a request. */
  provisioning: z.array(z.object({ vendor: z.string(), failed: count, kinds: z.array(z.string()) })),
  /** Audit records that the web app gave up since it started; absent while it does not answer. */
  auditDropped: count.optional(),
});

export type CountedCalls = z.infer<typeof countedCalls>;
export type Observations = z.infer<typeof observations>;
