import type { CallQuestion } from "@smarteros/observability";
import { type AuditFilters, addressWith, auditPage } from "../audit/filters.ts";

/** Where the calls stand one by one that a figure sums up. */
export function auditOf(
  { from, to, tool, user, tenantId }: CallQuestion,
  narrower: Partial<AuditFilters> = {},
) {
  return addressWith(auditPage, {
    from,
    to,
    ...(tool ? { tool } : {}),
    ...(user ? { user } : {}),
    ...(tenantId ? { tenant: tenantId } : {}),
    ...narrower,
  });
}
