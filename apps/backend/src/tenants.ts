import { SmarterosError } from "@smarteros/core";
import type { PagePosition } from "@smarteros/core/cursor";
import { olderThan, readRows, rowsOf, type SupabaseClient } from "@smarteros/supabase";
import type { AssertedPrincipal } from "@smarteros/tools-fastapi/assertion";
import { tenant, tenantSummary } from "@smarteros/tools-tenants";

const columns = Object.keys(tenant.shape).join(",") as "*";
const summaryColumns = Object.keys(tenantSummary.shape).join(",") as "*";

export type TenantReader = ReturnType<typeof tenantReader>;

/**
 * Reads tenants as the service role, which bypasses row level security: every query filters by the principal as owner,
 * unless the principal sees all tenants.
 */
export function tenantReader(service: SupabaseClient) {
  const visibleTo = ({ userId, seesAllTenants }: AssertedPrincipal) =>
    seesAllTenants ? {} : { clerk_user_id: userId };

  return {
    /** Resolves to active tenants after a position, newest first. */
    async list(
      { limit, after }: { limit: number; after: PagePosition | undefined },
      principal: AssertedPrincipal,
      signal: AbortSignal,
    ) {
      const first = after && { created_at: after.createdAt, id: after.id };
      const rows = await readRows<{ created_at: string; id: string }>((last = first, maxRows) => {
        const query = service
          .from("tenants")
          .select(summaryColumns)
          .eq("active", true)
          .match(visibleTo(principal))
          .order("created_at", { ascending: false })
          .order("id", { ascending: false })
          .limit(maxRows)
          .abortSignal(signal);
        return last ? query.or(olderThan("created_at", { at: last.created_at, id: last.id })) : query;
      }, limit);
      return tenantSummary.array().parse(rows);
    },

    /** Resolves to undefined for a missing tenant and for one that the principal may not see. */
    async find(id: string, principal: AssertedPrincipal, signal: AbortSignal) {
      const query = service.from("tenants").select(columns).eq("id", id).match(visibleTo(principal));
      const [row] = rowsOf(await query.abortSignal(signal));
      return row === undefined ? undefined : tenant.parse(row);
    },
  };
}

/** Creates the error for a missing tenant, which is the same for a tenant of another user. */
export const noSuchTenant = () =>
  new SmarterosError("not_found", "There is no such tenant among yours. List them to see which there are.");
