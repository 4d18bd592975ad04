import { burnOf } from "./burn-rate.ts";
import type { CountedCalls, Observations } from "./observations.ts";
import type { AlertRule } from "./rule.ts";

/** The result of a rule for one subject: a tool, a service or a vendor. */
export type Signal = { subject: string; state: "bad" | "good" | "unknown"; why: string };

type RuleOf<Kind extends AlertRule["kind"]> = Extract<AlertRule, { kind: Kind }>;
type Seen = { observations: Observations; auditDroppedBefore: number; now: number };

/** Judges a rule by what was observed. Silence is not judged here: who is silent observes nothing. */
export function signalsOf(rule: AlertRule, seen: Seen): Signal[] {
  switch (rule.kind) {
    case "errors":
      return burnSignals(rule, seen.observations, ({ failed }) => failed, "failed");
    case "latency":
      return burnSignals(
        rule,
        seen.observations,
        ({ slow }) => slow[rule.thresholdMs] ?? 0,
        `took over ${rule.thresholdMs} ms`,
      );
    case "probe":
      return probeSignals(rule, seen);
    case "provisioning":
      return seen.observations.provisioning.map(({ vendor, failed, kinds }) => ({
        subject: vendor,
        state: failed >= rule.minimumFailures ? "bad" : "good",
        why: `${failed} steps failed in the last hour${kinds.length > 0 ? ` (${kinds.join(", ")})` : ""}`,
      }));
    case "audit-drops":
      return [auditSignal(seen)];
    case "silence":
      return [];
  }
}

function burnSignals(
  rule: RuleOf<"errors" | "latency">,
  { calls }: Observations,
  badOf: (counted: CountedCalls) => number,
  what: string,
): Signal[] {
  const byTool = new Map<string, Map<number, CountedCalls>>();
  for (const counted of calls) {
    // All tools together would be a second alert for what one of them does.
    if (counted.tool === "" || (rule.tool !== undefined && counted.tool !== rule.tool)) continue;
    const windows = byTool.get(counted.tool) ?? new Map<number, CountedCalls>();
    byTool.set(counted.tool, windows.set(counted.minutes, counted));
  }
  return [...byTool].map(([subject, counts]) => ({ subject, ...burnOf(counts, badOf, { ...rule, what }) }));
}

function probeSignals({ service, staleMinutes }: RuleOf<"probe">, { observations, now }: Seen): Signal[] {
  return observations.probes
    .filter((probe) => service === undefined || probe.service === service)
    .map((probe) => {
      if (now - Date.parse(probe.at) > staleMinutes * 60_000)
        return { subject: probe.service, state: "unknown", why: "not probed of late" };
      const state = probe.status === "error" ? "bad" : "good";
      return { subject: probe.service, state, why: probe.error ?? probe.status };
    });
}

function auditSignal({ observations: { auditDropped }, auditDroppedBefore }: Seen): Signal {
  if (auditDropped === undefined)
    return { subject: "web", state: "unknown", why: "the web app does not answer" };
  // Less than before is another process, which counts from nothing.
  const lost = auditDropped < auditDroppedBefore ? auditDropped : auditDropped - auditDroppedBefore;
  return { subject: "web", state: lost > 0 ? "bad" : "good", why: `${lost} audit records were given up` };
}
