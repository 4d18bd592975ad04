import type { Session } from "@smarteros/identity";
import { type AlertRule, alertRule, builtInRules } from "@smarteros/observability/alerts";
import { type DatabaseError, databaseError } from "@smarteros/supabase";
import * as z from "zod";
import { requireServices } from "../../services.ts";
import { readForPage } from "../session/read-for-page.ts";
import { cursorOf, type Row } from "./cursor.ts";

const shown = 25;

const subjects = z.array(z.object({ rule: z.string(), subject: z.string(), why: z.string() })).catch([]);

/** A rule with where it stands: in the console, or with the monitor; and until when it is muted. */
export type ShownRule = { rule: AlertRule; isOurs: boolean; mutedUntil?: string | undefined };

/** All that the page shows of alerts, the newest first; its two lists of what was go on after a row of each. */
export function readAlerts(
  session: Session,
  now: number,
  after: { history: Row | undefined; deliveries: Row | undefined },
) {
  return readForPage(session.principal, async ({ signal }) => {
    const client = requireServices().asUser(session);
    const [states, rules, mutes, targets, open, closed, deliveries] = await Promise.all([
      client.from("alert_states").select("at, rules").eq("id", "monitor").abortSignal(signal).then(rowsOf),
      client.from("alert_rules").select("id, definition").order("id").abortSignal(signal).then(rowsOf),
      client
        .from("alert_mutes")
        .select("rule, until")
        .gt("until", new Date(now).toISOString())
        .abortSignal(signal)
        .then(rowsOf),
      client
        .from("alert_targets")
        .select("id, name, kind, address")
        .is("removed_at", null)
        .order("name")
        .abortSignal(signal)
        .then(rowsOf),
      client
        .from("alert_incidents")
        .select()
        .is("closed_at", null)
        .order("opened_at", { ascending: false })
        .limit(200)
        .abortSignal(signal)
        .then(rowsOf),
      client
        .from("alert_incidents")
        .select()
        .not("closed_at", "is", null)
        .or(isAfter("opened_at", after.history))
        .order("opened_at", { ascending: false })
        .order("id", { ascending: false })
        .limit(shown + 1)
        .abortSignal(signal)
        .then(rowsOf),
      client
        .from("alert_deliveries")
        .select(
          "id, kind, state, attempts, last_error, created_at, next_attempt_at, payload, target:alert_targets(name)",
        )
        .or(isAfter("created_at", after.deliveries))
        .order("created_at", { ascending: false })
        .order("id", { ascending: false })
        .limit(shown + 1)
        .abortSignal(signal)
        .then(rowsOf),
    ]);
    const [state] = states;
    const mutedUntil = new Map(mutes.map(({ rule, until }) => [rule, until]));
    const theirs = state ? rulesOf(state.rules) : builtInRules;
    const ours = rulesOf(rules.map(({ definition }) => definition));
    const all = [
      ...theirs.map((rule) => ({ rule, isOurs: false })),
      ...ours.map((rule) => ({ rule, isOurs: true })),
    ];
    // One of ours stands for the monitor's of the same id.
    const inForce = new Map(all.map((one) => [one.rule.id, one]));
    const incident = (row: (typeof open)[number]) => ({ ...row, subjects: subjects.parse(row.subjects) });
    return {
      lastPass: state?.at,
      rules: [...inForce.values()].map(
        (one): ShownRule => ({ ...one, mutedUntil: mutedUntil.get(one.rule.id) }),
      ),
      targets,
      open: open.map(incident),
      closed: pageOf(closed.map(incident), ({ opened_at }) => opened_at),
      deliveries: pageOf(deliveries, ({ created_at }) => created_at),
    };
  });
}

export type Alerts = Extract<Awaited<ReturnType<typeof readAlerts>>, { ok: true }>["value"];

/** A page of a list, and the cursor with which the next one begins. */
function pageOf<Item extends { id: string }>(found: Item[], at: (item: Item) => string) {
  const items = found.slice(0, shown);
  const last = found.length > shown ? items.at(-1) : undefined;
  return { items, ...(last ? { next: cursorOf({ at: at(last), id: last.id }) } : {}) };
}

function isAfter(column: string, row: Row | undefined): string {
  if (!row) return `${column}.not.is.null`;
  return `${column}.lt."${row.at}",and(${column}.eq."${row.at}",id.lt."${row.id}")`;
}

function rulesOf(definitions: unknown): AlertRule[] {
  if (!Array.isArray(definitions)) return [];
  return definitions.flatMap((definition) => {
    const parsed = alertRule.safeParse(definition);
    return parsed.success ? parsed.data : [];
  });
}

function rowsOf<Row>({
  data,
  error,
  status,
}: {
  data: Row[] | null;
  error: DatabaseError | null;
  status: number;
}) {
  if (error) throw databaseError(error, status);
  return data ?? [];
}
