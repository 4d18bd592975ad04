import type { AlertRule, Maintenance } from "./rule.ts";
import type { Signal } from "./signals.ts";
import type { SubjectState } from "./state.ts";

/** A subject without data for a day no longer exists. */
const goneAfterMs = 86_400_000;

/** A subject after one more signal; undefined when there is nothing left to remember of it. */
export function step(
  rule: AlertRule,
  before: SubjectState | undefined,
  signal: Signal,
  { now, isMaintained }: { now: number; isMaintained: boolean },
): SubjectState | undefined {
  const known = before ?? { rule: rule.id, subject: signal.subject, bad: 0, good: 0, open: false, why: "" };
  const next = isMaintained ? { ...known, bad: 0 } : judged(rule, known, signal, now);
  if (!next) return undefined;
  const isWorthKeeping = next.open || next.bad > 0 || rule.noData === "open";
  return isWorthKeeping ? next : undefined;
}

function judged(
  rule: AlertRule,
  before: SubjectState,
  signal: Signal,
  now: number,
): SubjectState | undefined {
  const { unknownSince = new Date(now).toISOString(), ...known } = before;
  if (signal.state !== "unknown") return counted(rule, known, signal.state, signal.why);
  if (rule.noData === "open") return counted(rule, known, "bad", `no data: ${signal.why}`);
  if (rule.noData === "close") return counted(rule, known, "good", signal.why);
  return now - Date.parse(unknownSince) >= goneAfterMs ? undefined : { ...known, unknownSince };
}

function counted(rule: AlertRule, before: SubjectState, state: "bad" | "good", why: string): SubjectState {
  if (state === "bad") {
    const bad = before.bad + 1;
    return { ...before, bad, good: 0, open: before.open || bad >= rule.openAfter, why };
  }
  const good = before.good + 1;
  const isStillOpen = before.open && good < rule.closeAfter;
  return { ...before, bad: 0, good, open: isStillOpen, why: before.open ? before.why : why };
}

/** Decides whether failures of this subject are expected now. */
export function isUnderMaintenance(windows: Maintenance[], subject: string, now: number): boolean {
  return windows.some(
    ({ from, until, services }) =>
      Date.parse(from) <= now &&
      now < Date.parse(until) &&
      (services === undefined || services.includes(subject)),
  );
}
