import {
  type AlertNotification,
  type AlertState,
  alertState,
  maintenance,
  noAlertState,
  observations,
} from "@smarteros/observability/alerts";
import { dataOf, type Json, type SupabaseClient } from "@smarteros/supabase";
import * as z from "zod";

const reading = z.object({
  version: z.number(),
  state: alertState.nullable().transform((state) => state ?? noAlertState),
  rules: z.array(z.unknown()),
  maintenance: z.array(maintenance),
  mutes: z.record(z.string(), z.iso.datetime({ offset: true }).transform(Date.parse)),
  observations,
});

/** What a pass is made over. Rules are as somebody wrote them, to be checked. */
type Reading = z.infer<typeof reading>;

/** A delivery that is this process's for a minute. */
type Claimed = {
  id: string;
  attempts: number;
  payload: unknown;
  target: string;
  settings: unknown;
};

/** Where alerts are kept between passes, and what of them is on its way. */
export type AlertStore = {
  read(counts: { minutes: number[]; slowMs: number[] }, signal: AbortSignal): Promise<Reading>;
  /** Stores a pass whole; resolves to false where another monitor's came before it. */
  store(
    pass: {
      version: number;
      state: AlertState;
      rules: unknown[];
      incidents: unknown[];
      notifications: AlertNotification[];
    },
    signal: AbortSignal,
  ): Promise<boolean>;
  claim(signal: AbortSignal): Promise<Claimed[]>;
  end(
    delivery: {
      id: string;
      delivered: boolean;
      status: number | null;
      reason: string | null;
      retryAt: Date | null;
    },
    signal: AbortSignal,
  ): Promise<void>;
};

/** Keeps alerts in a Supabase project, as the service role. */
export function supabaseAlerts(client: SupabaseClient): AlertStore {
  return {
    async read({ minutes, slowMs }, signal) {
      const answer = await client
        .rpc("read_alerts", { p_minutes: minutes, p_slow_ms: slowMs })
        .abortSignal(signal);
      return reading.parse(dataOf(answer));
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
