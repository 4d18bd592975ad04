import type { Logger } from "@smarteros/core";
import {
  type AlertRule,
  advance,
  alertRule,
  builtInRules,
  mergeRules,
  wantedCounts,
} from "@smarteros/observability/alerts";
import type { RulesFile } from "./rules-file.ts";
import type { AlertStore } from "./store.ts";

/** Makes one pass of the alerts: reads, judges, and stores what came of it together with whom to tell. */
export function createJudge(parts: {
  store: AlertStore;
  file: RulesFile;
  /** How many audit records the web app gave up; undefined while it does not say. */
  auditDropped: (signal: AbortSignal) => Promise<number | undefined>;
  logger: Logger;
  now?: () => number;
}): (signal: AbortSignal) => Promise<void> {
  const { store, file, auditDropped, logger, now = Date.now } = parts;
  const own = mergeRules(builtInRules, file.rules);
  const counts = wantedCounts(own);
  return async (signal) => {
    const [{ version, state, rules, maintenance, mutes, observations }, dropped] = await Promise.all([
      store.read(counts, signal),
      auditDropped(signal),
    ]);
    const pass = advance({
      rules: mergeRules(own, checked(rules, logger)),
      maintenance: [...file.maintenance, ...maintenance],
      mutes,
      state,
      observations: { ...observations, auditDropped: dropped },
      now: now(),
    });
    if (!(await store.store({ version, rules: own, ...pass }, signal))) return;
    for (const { key, kind, group } of pass.notifications) logger.info("ALERT", { key, kind, group });
  };
}

// The console checks a rule before it is saved; one from another release may not be understood here.
function checked(rules: unknown[], logger: Logger): AlertRule[] {
  return rules.flatMap((rule) => {
    const parsed = alertRule.safeParse(rule);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    logger.error("ALERT_RULE_REFUSED", { field: issue?.path.join("."), problem: issue?.message });
    return [];
  });
}
