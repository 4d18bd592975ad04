import { dataOf, type Json, type SupabaseClient } from "@smarteros/supabase";
import { type AlertStore, alertReading } from "./store.ts";

/** Reads and stores alerts in Supabase. The client must be of the service role. */
export function supabaseAlerts(client: SupabaseClient): AlertStore {
  return {
    async read({ minutes, slowMs }, signal) {
      const answer = await client
        .rpc("read_alerts", { p_minutes: minutes, p_slow_ms: slowMs })
        .abortSignal(signal);
      return alertReading.parse(dataOf(answer));
    },
    async store({ version, state, rules, incidents, notifications }, signal) {
      const answer = await client
        .rpc("store_alert_pass", {
          p_version: version,
          p_state: state as Json,
          p_rules: rules as Json,
          p_incidents: incidents as Json,
          p_notifications: notifications as Json,
        })
        .abortSignal(signal);
      return dataOf(answer);
    },
    claim: async (signal) => dataOf(await client.rpc("claim_alert_deliveries", {}).abortSignal(signal)),
    async end({ id, delivered, status, reason, retryAt }, signal) {
      const answer = await client
        .rpc("end_alert_delivery", {
          p_id: id,
          p_delivered: delivered,
          // Any of them may be null, which the generated types do not know of arguments.
          p_status: status as number,
          p_error: reason as string,
          p_retry_at: (retryAt?.toISOString() ?? null) as string,
        })
        .abortSignal(signal);
      dataOf(answer);
    },
  };
}
