import * as z from "zod";

/** A row of `external_health`, within the limits that the table sets. */
export const healthRow = z.strictObject({
  id: z.uuid(),
  service: z.string().min(1).max(100),
  status: z.enum(["ok", "degraded", "error"]),
  latency_ms: z.int32().nonnegative(),
  error_message: z.string().max(4_000).nullable(),
  metadata: z.record(z.string(), z.union([z.string().max(100), z.number()])),
  created_at: z.iso.datetime(),
});

export type HealthRow = z.infer<typeof healthRow>;
