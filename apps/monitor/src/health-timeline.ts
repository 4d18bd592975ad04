import { requireSuccess, type SupabaseClient } from "@smarteros/supabase";
import type { MonitorSettings } from "./env.ts";

/** Has the database count what was seen by the day, and open and close incidents. May be asked for twice. */
export function healthCounter(
  client: SupabaseClient,
  { downAfter, upAfter }: MonitorSettings["thresholds"],
): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    const thresholds = { p_down_after: downAfter, p_up_after: upAfter };
    requireSuccess(await client.rpc("roll_up_health", thresholds).abortSignal(signal));
  };
}
