import { SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import { listTenants } from "@smarteros/tools-tenants";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";
import type { RowInReview } from "./review-problem.ts";

const pageSize = 25;

export type ReviewPage = { rows: RowInReview[]; nextCursor?: string | undefined };

/** Reads one page of the rows in review, by `tenants.list`. */
export function readReview(session: Session, cursor: string | undefined) {
  const input = listTenants.input.safeParse({ review: true, limit: pageSize, ...(cursor ? { cursor } : {}) });
  return readForPage(session.principal, async (call): Promise<ReviewPage> => {
    if (!input.success) throw new SmarterosError("invalid_input", "The address names no page of the list.");
    const ports = requireServices().forUser(session).ports;
    const { tenants, nextCursor } = await listTenants.handler({ input: input.data, call, ports });
    return { rows: tenants.map((row) => ({ ...row, problems: row.problems ?? [] })), nextCursor };
  });
}
