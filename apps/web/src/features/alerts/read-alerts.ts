import type { Session } from "@smarteros/identity";
import { type AlertRule, alertRule, builtInRules } from "@smarteros/observability/alerts";
import { readRows } from "@smarteros/supabase";
import * as z from "zod";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";
import { alertQueries } from "./alert-queries.ts";
import { cursorOf, type Row } from "./cursor.ts";

const shown = 25;
/** Open incidents that the page shows. */
const mostOpen = 200;

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
    const read = alertQueries(requireServices().asUser(session), signal);
    const [states, rules, mutes, targets, open, closed, deliveries] = await Promise.all([
      readRows(read.state, 1),
      readRows(read.rules),
      readRows(read.mutes(new Date(now))),
      readRows(read.targets),
      readRows(read.open, mostOpen),
      readRows(read.closed(after.history), shown + 1),
      readRows(read.deliveries(after.deliveries), shown + 1),
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

function rulesOf(definitions: unknown): AlertRule[] {
  if (!Array.isArray(definitions)) return [];
  return definitions.flatMap((definition) => {
    const parsed = alertRule.safeParse(definition);
    return parsed.success ? parsed.data : [];
  });
}
