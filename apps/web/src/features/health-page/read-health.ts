import type { Session } from "@smarteros/identity";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";

/** The health of all services over so many days, as the viewer may read it. */
export function readHealth(session: Session, days: number) {
  return readForPage(session.principal, ({ signal }) =>
    requireServices().forUser(session).ports.health.timeline({ days }, signal),
  );
}
