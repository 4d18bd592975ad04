import type { Logger } from "@smarteros/core";
import type { SupabaseClient } from "@smarteros/supabase";
import type { MonitorSettings } from "../env.ts";
import { auditDroppedBy } from "./audit-drops.ts";
import { createDelivery } from "./deliver.ts";
import { createJudge } from "./judge.ts";
import { createOutageTeller } from "./outage.ts";
import type { RulesFile } from "./rules-file.ts";
import { supabaseAlerts } from "./store.ts";

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
  const judge = createJudge({ store, file, auditDropped, logger });
  const deliver = createDelivery({ store, allowsInternal, logger });
  return {
    /** Judges by what is stored, and tells what is due. */
    async pass(signal: AbortSignal) {
      await judge(signal);
      await deliver(signal);
    },
    /** Tells what is due. */
    deliver,
    /** Tells of a database that is away, where somebody is to be told of it. */
    tellOutage: url === undefined ? undefined : createOutageTeller({ url, allowsInternal, logger }),
  };
}
