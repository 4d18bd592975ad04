import { type Call, SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import { listTenants, type TenantSummary } from "@smarteros/tools-tenants";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";
import type { Filters } from "./filters.ts";

const pageSize = 25;

/** A tenant in the list; its owner is there where the viewer sees several owners' tenants. */
export type ListedTenant = TenantSummary & { owner?: string | undefined };
export type TenantPage = {
  tenants: ListedTenant[];
  nextCursor?: string | undefined;
  /** For a list that is empty without a search: whether there are deleted tenants that it leaves out. */
  hidden: boolean;
  /** Rows of an upgrade that wait in review. */
  inReview: number;
};

/** One page of the list, by the rules of `tenants.list`: its limits on what to search for, its order and its cursors. */
export function readTenants(session: Session, { search, deleted, cursor }: Filters) {
  const { principal } = session;
  const { ports } = requireServices().forUser(session);
  const list = (wanted: object, call: Call) => {
    const input = listTenants.input.safeParse(wanted);
    if (!input.success) throw new SmarterosError("invalid_input", "The address names no page of the list.");
    return listTenants.handler({ input: input.data, call, ports });
  };
  return readForPage(principal, async (call): Promise<TenantPage> => {
    const filters = {
      includeInactive: deleted,
      ...(search ? { search } : {}),
      ...(cursor ? { cursor } : {}),
    };
    const [{ tenants, nextCursor }, inReview] = await Promise.all([
      list({ limit: pageSize, ...filters }, call),
      ports.tenants.countInReview(call),
    ]);
    if (tenants.length === 0) {
      const hides = !deleted && !search && !cursor;
      const hidden = hides && (await list({ limit: 1, includeInactive: true }, call)).tenants.length > 0;
      return { tenants, hidden, inReview };
    }
    if (!principal.seesAllTenants) return { tenants, nextCursor, hidden: false, inReview };
    // The summary omits them, because only an administrator needs them.
    const owners = await ports.tenants.owners(
      tenants.map(({ id }) => id),
      call,
    );
    return {
      tenants: tenants.map((row) => ({ ...row, owner: owners.get(row.id) })),
      nextCursor,
      hidden: false,
      inReview,
    };
  });
}
