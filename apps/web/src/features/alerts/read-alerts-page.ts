import { type AlertRow, readAlerts } from "@smarteros/alerts/supabase";
import type { Session } from "@smarteros/identity";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";

/** Reads what the alerts page shows, within the limits of pages. `after` continues a list after a row of it. */
export function readAlertsPage(
  session: Session,
  now: number,
  after: { history: AlertRow | undefined; deliveries: AlertRow | undefined },
) {
  return readForPage(session.principal, ({ signal }) =>
    readAlerts(requireServices().forUser(session).client, { now: new Date(now), after, signal }),
  );
}
