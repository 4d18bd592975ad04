import { advanceIncident, type Failing } from "./incidents.ts";
import type { Observations } from "./observations.ts";
import type { AlertRule, Maintenance } from "./rule.ts";
import { type Signal, signalsOf } from "./signals.ts";
import type { AlertNotification, AlertState, IncidentRecord, SubjectState } from "./state.ts";
import { isUnderMaintenance, step } from "./subjects.ts";

/** The input of a pass. Times in `mutes` are milliseconds since 1970, by rule id. */
type Given = {
  rules: AlertRule[];
  maintenance?: Maintenance[];
  mutes?: Record<string, number>;
  state: AlertState;
  observations: Observations;
  now: number;
};

type Pass = { state: AlertState; notifications: AlertNotification[]; incidents: IncidentRecord[] };

/**
 * Computes one pass of the alerts. It is pure: the same state and observations give the same notifications with the same
 * keys.
 */
export function advance(given: Given): Pass {
  const { rules, state, observations, now, mutes = {} } = given;
  const enabled = rules.filter((rule) => rule.enabled);
  const failing: (Failing & { group: string })[] = [];
  const subjects: Record<string, SubjectState> = {};
  for (const rule of enabled) {
    for (const signal of allSignals(rule, given)) {
      const key = `${rule.id}:${signal.subject}`;
      const isMaintained = isUnderMaintenance(given.maintenance ?? [], signal.subject, now);
      const next = step(rule, state.subjects[key], signal, { now, isMaintained });
      if (!next) continue;
      subjects[key] = next;
      const isQuiet = isMaintained || (mutes[rule.id] ?? 0) > now;
      if (next.open || next.bad > 0) failing.push({ key, rule, state: next, isQuiet, group: groupOf(rule) });
    }
  }
  const groups = new Set([...Object.keys(state.incidents), ...failing.map(({ group }) => group)]);
  const outcomes = [...groups].map((group) => ({
    group,
    ...advanceIncident(
      group,
      state.incidents[group],
      failing.filter((one) => one.group === group),
      now,
    ),
  }));
  const gaps = gapsSince(state.at, enabled, mutes, now);
  return {
    state: {
      at: new Date(now).toISOString(),
      auditDropped: observations.auditDropped ?? state.auditDropped,
      subjects,
      incidents: Object.fromEntries(
        outcomes.flatMap(({ group, incident }) => (incident ? [[group, incident] as const] : [])),
      ),
    },
    notifications: [...gaps, ...outcomes.flatMap(({ notification }) => notification ?? [])],
    incidents: [...gaps.map(pastIncident), ...outcomes.flatMap(({ record }) => record ?? [])],
  };
}

/** The rule's signals, and one for each subject that it remembers and did not hear of. */
function allSignals(rule: AlertRule, { state, observations, now }: Given): Signal[] {
  const heard = signalsOf(rule, { observations, auditDroppedBefore: state.auditDropped, now });
  const names = new Set(heard.map(({ subject }) => subject));
  const missing = Object.values(state.subjects)
    .filter((known) => known.rule === rule.id && !names.has(known.subject))
    .map(({ subject }): Signal => ({ subject, state: "unknown", why: "nothing was heard of it" }));
  return [...heard, ...missing];
}

/** A monitor cannot report its own silence while it lasts; it reports the gap at its next pass. */
function gapsSince(
  last: string | undefined,
  rules: AlertRule[],
  mutes: Record<string, number>,
  now: number,
): AlertNotification[] {
  if (last === undefined) return [];
  const minutes = Math.floor((now - Date.parse(last)) / 60_000);
  return rules
    .filter((rule) => rule.kind === "silence" && minutes >= rule.afterMinutes && (mutes[rule.id] ?? 0) <= now)
    .map((rule) => {
      const incident = `gap:${rule.id}@${last}`;
      const why = `no pass for ${minutes} minutes`;
      return {
        key: `${incident}#1`,
        incident,
        group: groupOf(rule),
        kind: "gap",
        at: new Date(now).toISOString(),
        openedAt: last,
        subjects: [{ rule: rule.id, subject: "monitor", why }],
        targets: rule.targets ?? null,
      };
    });
}

function pastIncident({ incident, group, openedAt, at, subjects }: AlertNotification): IncidentRecord {
  return { id: incident, group, openedAt, closedAt: at, subjects };
}

function groupOf(rule: AlertRule): string {
  return rule.group ?? rule.id;
}
