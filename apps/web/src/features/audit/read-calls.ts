import { cursorAfter, pageOf, positionOf } from "@smarteros/core/cursor";
import type { Session } from "@smarteros/identity";
import type { CallFilters, RecordedCall } from "@smarteros/observability";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";

const pageSize = 25;

export type CallPage = { calls: RecordedCall[]; nextCursor?: string | undefined };

/** One page of the calls that the viewer may see, newest first. */
export function readCalls(session: Session, filters: CallFilters, cursor: string) {
  return readForPage(session.principal, async ({ signal }): Promise<CallPage> => {
    const after = cursor ? positionOf(cursor, "the audit log") : undefined;
    const { calls: log } = requireServices().forUser(session).ports;
    const rows = await log.search(filters, { limit: pageSize + 1, after }, signal);
    const { page, ...next } = pageOf(rows, pageSize, ({ at, id }) => cursorAfter({ createdAt: at, id }));
    return { calls: page, ...next };
  });
}
