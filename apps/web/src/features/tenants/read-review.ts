import { type Call, SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import { countOf } from "@smarteros/supabase";
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

/** Counts the rows in review that the current user may see. */
export async function countInReview(session: Session, { signal }: Pick<Call, "signal">): Promise<number> {
  const { principal } = session;
  const response = await requireServices()
    .forUser(session)
    .client.from("tenants_in_review")
    .select("id", { count: "exact" })
    .match(principal.seesAllTenants ? {} : { clerk_user_id: principal.userId })
    .limit(1)
    .abortSignal(signal);
  return countOf(response);
}
