import { requireSuccess, type SupabaseClient } from "@smarteros/supabase";
import type { MonitorSettings } from "./env.ts";

/** Creates the job that rolls health results up by day and opens and closes incidents in the database. Idempotent. */
export function healthRollup(
  client: SupabaseClient,
  { downAfter, upAfter }: MonitorSettings["thresholds"],
): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    const thresholds = { p_down_after: downAfter, p_up_after: upAfter };
    requireSuccess(await client.rpc("roll_up_health", thresholds).abortSignal(signal));
  };
}
