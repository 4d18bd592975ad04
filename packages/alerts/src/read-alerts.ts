import { pageOf } from "@smarteros/core/cursor";
import { readRows, type SupabaseClient } from "@smarteros/supabase";
import * as z from "zod";
import { cursorOf, type Row } from "./cursor.ts";
import { alertQueries } from "./queries.ts";
import { type AlertRule, alertRule, builtInRules } from "./rule.ts";

/** Incidents and deliveries on a page. */
const pageSize = 25;
const maxOpenIncidents = 200;

const subjects = z.array(z.object({ rule: z.string(), subject: z.string(), why: z.string() })).catch([]);

/** A rule, whether the console stores it (else it is the monitor's own), and the time until which it is muted. */
export type ShownRule = { rule: AlertRule; isStored: boolean; mutedUntil?: string | undefined };

/** The alerts as one principal may read them. May reject with its database's errors. */
export type AlertReader = {
  /**
   * Reads rules, targets, open incidents and a page each of closed incidents and deliveries, newest first. `after`
   * continues the two lists after a row of theirs.
   */
  read(question: Question, signal: AbortSignal): Promise<Alerts>;
};

type Question = { now: Date; after: { history: Row | undefined; deliveries: Row | undefined } };

/** Reads alerts from Supabase, as the user of the client. */
export function supabaseAlertReader(client: SupabaseClient): AlertReader {
  return { read: (question, signal) => readAlerts(client, question, signal) };
}

async function readAlerts(client: SupabaseClient, { now, after }: Question, signal: AbortSignal) {
  const read = alertQueries(client, signal);
  const [states, stored, mutes, targets, open, closed, deliveries] = await Promise.all([
    readRows(read.state, 1),
    readRows(read.rules),
    readRows(read.mutes(now)),
    readRows(read.targets),
    readRows(read.open, maxOpenIncidents),
    readRows(read.closed(after.history), pageSize + 1),
    readRows(read.deliveries(after.deliveries), pageSize + 1),
  ]);
  const [state] = states;
  const mutedUntil = new Map(mutes.map(({ rule, until }) => [rule, until]));
  const monitorRules = state ? rulesOf(state.rules) : builtInRules;
  const storedRules = rulesOf(stored.map(({ definition }) => definition));
  const all = [
    ...monitorRules.map((rule) => ({ rule, isStored: false })),
    ...storedRules.map((rule) => ({ rule, isStored: true })),
  ];
  // A stored rule replaces the monitor's own of the same id.
  const inForce = new Map(all.map((one) => [one.rule.id, one]));
  const incident = (row: (typeof open)[number]) => ({ ...row, subjects: subjects.parse(row.subjects) });
  return {
    lastPass: state?.at,
    rules: [...inForce.values()].map(
      (one): ShownRule => ({ ...one, mutedUntil: mutedUntil.get(one.rule.id) }),
    ),
    targets,
    open: open.map(incident),
    closed: listOf(closed.map(incident), ({ opened_at }) => opened_at),
    deliveries: listOf(deliveries, ({ created_at }) => created_at),
  };
}

export type Alerts = Awaited<ReturnType<typeof readAlerts>>;

/** A page of a list, and the cursor with which the next one begins. */
function listOf<Item extends { id: string }>(found: Item[], at: (item: Item) => string) {
  const { page: items, nextCursor } = pageOf(found, pageSize, (last) =>
    cursorOf({ at: at(last), id: last.id }),
  );
  return { items, ...(nextCursor === undefined ? {} : { next: nextCursor }) };
}

function rulesOf(definitions: unknown): AlertRule[] {
  if (!Array.isArray(definitions)) return [];
  return definitions.flatMap((definition) => {
    const parsed = alertRule.safeParse(definition);
    return parsed.success ? parsed.data : [];
  });
}
