import type { Logger } from "@smarteros/core";
import { advance } from "./engine.ts";
import {
  type AlertRule,
  alertRule,
  builtInRules,
  type Maintenance,
  mergeRules,
  wantedCounts,
} from "./rule.ts";
import type { AlertStore } from "./store.ts";

/** Creates a pass over the alerts: reads observations, evaluates the rules, and stores state and notifications. */
export function createEvaluation(parts: {
  store: AlertStore;
  /** Rules and maintenance windows of the rules file. */
  file: { rules: AlertRule[]; maintenance: Maintenance[] };
  /** Resolves to the number of audit records that the web app dropped; undefined where it does not respond. */
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

// The console validates a rule before it is saved; one of another release may be invalid here.
function checked(rules: unknown[], logger: Logger): AlertRule[] {
  return rules.flatMap((rule) => {
    const parsed = alertRule.safeParse(rule);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    logger.error("ALERT_RULE_REFUSED", { field: issue?.path.join("."), problem: issue?.message });
    return [];
  });
}
