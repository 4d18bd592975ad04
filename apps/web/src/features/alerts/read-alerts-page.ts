import type { AlertRow } from "@smarteros/alerts";
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
    requireServices()
      .forUser(session)
      .pagePorts.alerts.read({ now: new Date(now), after }, signal),
  );
}
