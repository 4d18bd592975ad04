import type { CallQuestion } from "@smarteros/observability";
import { type AuditFilters, auditAddress } from "../audit/filters.ts";

/** Returns the address of the audit log with the calls behind a figure. */
export function auditOf(
  { from, to, tool, user, tenantId }: CallQuestion,
  narrower: Partial<AuditFilters> = {},
) {
  return auditAddress({
    from,
    to,
    ...(tool ? { tool } : {}),
    ...(user ? { user } : {}),
    ...(tenantId ? { tenant: tenantId } : {}),
    ...narrower,
  });
}
