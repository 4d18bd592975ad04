import { createDelivery, createEvaluation, createOutageNotifier } from "@smarteros/alerts/monitor";
import { supabaseAlerts } from "@smarteros/alerts/supabase";
import type { Logger } from "@smarteros/core";
import type { SupabaseClient } from "@smarteros/supabase";
import type { MonitorSettings } from "../env.ts";
import { auditDroppedBy } from "./audit-drops.ts";
import type { RulesFile } from "./rules-file.ts";

/** What a monitor does for the alerts, as its settings say. */
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
    /** Judges by what is stored, and tells what is due. */
    async pass(signal: AbortSignal) {
      await evaluate(signal);
      await deliver(signal);
    },
    /** Tells what is due. */
    deliver,
    /** Tells of a database that is away, where somebody is to be told of it. */
    notifyOutage: url === undefined ? undefined : createOutageNotifier({ url, allowsInternal, logger }),
  };
}
