import { type Call, SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import { readRows, type SupabaseClient } from "@smarteros/supabase";
import { listTenants, type TenantSummary } from "@smarteros/tools-tenants";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";
import type { Filters } from "./filters.ts";
import { countInReview } from "./read-review.ts";

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
export function readTenants({ principal, token }: Session, { search, deleted, cursor }: Filters) {
  const services = requireServices();
  const { client, ports } = services.forUser({ principal, token });
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
      countInReview({ principal, token }, call),
    ]);
    if (tenants.length === 0) {
      const hides = !deleted && !search && !cursor;
      const hidden = hides && (await list({ limit: 1, includeInactive: true }, call)).tenants.length > 0;
      return { tenants, hidden, inReview };
    }
    if (!principal.seesAllTenants) return { tenants, nextCursor, hidden: false, inReview };
    const owners = await ownersOf(client, tenants, call);
    return {
      tenants: tenants.map((row) => ({ ...row, owner: owners.get(row.id) })),
      nextCursor,
      hidden: false,
      inReview,
    };
  });
}

/** Resolves the owners by tenant id. The tools' summary omits them, because only an administrator needs them. */
async function ownersOf(client: SupabaseClient, tenants: TenantSummary[], { signal }: Call) {
  const ids = tenants.map(({ id }) => id);
  const rows = await readRows<{ id: string; clerk_user_id: string }>((last, limit) => {
    const those = client
      .from("tenants")
      .select("id,clerk_user_id", { count: "exact" })
      .in("id", ids)
      .order("id")
      .limit(limit)
      .abortSignal(signal);
    return last ? those.gt("id", last.id) : those;
  });
  return new Map(rows.map((row) => [row.id, row.clerk_user_id]));
}
