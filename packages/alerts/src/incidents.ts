import type { AlertRule } from "./rule.ts";
import type { AlertNotification, IncidentRecord, OpenIncident, SubjectState } from "./state.ts";

/** A failing subject of the group, with its rule and whether it is muted or under maintenance now. */
export type Failing = { key: string; rule: AlertRule; state: SubjectState; isQuiet: boolean };

type Outcome = {
  incident?: OpenIncident;
  record?: IncidentRecord;
  notification?: AlertNotification;
};

/**
 * Computes a group's incident in this pass, with at most one notification for any number of subjects. Compares with what
 * was notified, not with what changed, so that the end of a mute notifies what it held back.
 */
export function advanceIncident(
  group: string,
  before: OpenIncident | undefined,
  failing: Failing[],
  now: number,
): Outcome {
  const at = new Date(now).toISOString();
  const open = failing.filter(({ state }) => state.open);
  if (open.length === 0) return before ? closed(before, at) : {};
  const incident = before ?? newIncident(group, at);
  const { subjects: _, ...identity } = recordOf(incident, []);
  const record = { ...identity, subjects: open.map(subjectOf) };
  const loud = open.filter(({ isQuiet }) => !isQuiet);
  const kind = owed(incident, loud, now);
  if (!kind) return { incident, record };
  // Those that are about to open are of the same cause more often than not.
  const told = failing.filter(({ isQuiet }) => !isQuiet);
  const sequence = incident.sequence + 1;
  const targets = mergeTargets(kind === "opened" ? [] : incident.targets, told);
  const next: OpenIncident = {
    ...incident,
    sequence,
    notifiedAt: at,
    told: [...new Set([...incident.told, ...told.map(({ key }) => key)])],
    targets,
  };
  const notification = {
    key: `${incident.id}#${sequence}`,
    incident: incident.id,
    group,
    kind,
    at,
    openedAt: incident.openedAt,
    subjects: told.map(subjectOf),
    targets,
  };
  return { incident: next, record, notification };
}

function owed(incident: OpenIncident, loud: Failing[], now: number): AlertNotification["kind"] | undefined {
  if (loud.length === 0) return undefined;
  if (incident.notifiedAt === undefined) return "opened";
  if (loud.some(({ key }) => !incident.told.includes(key))) return "changed";
  const intervals = loud.map(({ rule }) => rule.renotifyMinutes).filter((minutes) => minutes > 0);
  const dueMs = Math.min(...intervals) * 60_000;
  return now - Date.parse(incident.notifiedAt) >= dueMs ? "reminder" : undefined;
}

function closed(incident: OpenIncident, at: string): Outcome {
  const record = { ...recordOf(incident, []), closedAt: at };
  // Targets that were never notified of the incident get no notification of its end; the others get it even while the
  // rule is muted.
  if (incident.notifiedAt === undefined) return { record };
  const { id, group, openedAt, targets } = incident;
  const key = `${id}#${incident.sequence + 1}`;
  return {
    record,
    notification: { key, incident: id, group, kind: "resolved", at, openedAt, subjects: [], targets },
  };
}

function newIncident(group: string, at: string): OpenIncident {
  return { id: `${group}@${at}`, group, openedAt: at, told: [], targets: [], sequence: 0 };
}

function recordOf(
  { id, group, openedAt }: OpenIncident,
  subjects: IncidentRecord["subjects"],
): IncidentRecord {
  return { id, group, openedAt, closedAt: null, subjects };
}

function subjectOf({ rule, state: { subject, why } }: Failing) {
  return { rule: rule.id, subject, why };
}

function mergeTargets(before: string[] | null, told: Failing[]): string[] | null {
  const lists = told.map(({ rule }) => rule.targets);
  if (before === null || lists.includes(undefined)) return null;
  return [...new Set([...before, ...lists.flatMap((list) => list ?? [])])].sort();
}
