import { createDelivery, createEvaluation, createOutageNotifier } from "@smarteros/alerts/monitor";
import { supabaseAlerts } from "@smarteros/alerts/supabase";
import type { Logger } from "@smarteros/core";
import type { SupabaseClient } from "@smarteros/supabase";
import type { MonitorSettings } from "../env.ts";
import { auditDroppedBy } from "./audit-drops.ts";
import type { RulesFile } from "./rules-file.ts";

/** Composes the monitor's work on alerts from its settings. */
export function createAlerts(parts: {
  client: SupabaseClient;
  settings: MonitorSettings;
  file: RulesFile;
  logger: Logger;
}) {
  const { client, settings, file, logger } = parts;
  const { webUrl, alertFallbackUrl: url, allowsInternalTargets: allowsInternal } = settings;
  const store = supabaseAlerts(client);
  const auditDropped = (signal: AbortSignal) => auditDroppedBy(webUrl, signal);
  const evaluate = createEvaluation({ store, file, auditDropped, logger });
  const deliver = createDelivery({ store, allowsInternal, logger });
  return {
    /** Evaluates the rules on the stored measurements, and delivers due notifications. */
    async pass(signal: AbortSignal) {
      await evaluate(signal);
      await deliver(signal);
    },
    /** Delivers due notifications. */
    deliver,
    /** Notifies of an unreachable database; undefined without a fallback URL. */
    notifyOutage: url === undefined ? undefined : createOutageNotifier({ url, allowsInternal, logger }),
  };
}
