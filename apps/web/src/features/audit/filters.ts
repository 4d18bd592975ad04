import type { CallFilters } from "@smarteros/observability";
import { searchAudit } from "@smarteros/observability/tools";
import { zonedTimeToIso } from "@smarteros/ui/zoned-time.ts";
import * as z from "zod";
import { addressWith, firstOf, type SearchParams } from "../../components/search-params.ts";

/** The filters of the address, as text. */
export type AuditFilters = Record<(typeof filterNames)[number], string>;
export const filterNames = ["user", "tool", "tenant", "status", "request", "from", "to", "id"] as const;

export const auditPage = "/dashboard/audit";

const { limit: _limit, cursor: _cursor, ...shape } = searchAudit.input.shape;
const accepted = z.object({ ...shape, id: z.uuid().optional() });

/** Reads the filters of an address. */
export function auditFiltersOf(params: SearchParams): AuditFilters {
  return Object.fromEntries(filterNames.map((name) => [name, firstOf(params, name)])) as AuditFilters;
}

/** Parses the filters, or returns the name of the first invalid one. */
export function callFiltersOf(
  { tenant, request, from, to, ...others }: AuditFilters,
  timeZone: string,
): { ok: true; filters: CallFilters } | { ok: false; name: string } {
  const wanted = {
    ...others,
    tenantId: tenant,
    requestId: request,
    from: from && zonedTimeToIso(from, timeZone),
    to: to && zonedTimeToIso(to, timeZone),
  };
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ""));
  const parsed = accepted.safeParse(given);
  if (parsed.success) return { ok: true, filters: parsed.data };
  return { ok: false, name: String(parsed.error.issues[0]?.path[0] ?? "") };
}

/** The address of the audit log with these filters. */
export const auditAddress = (filters: Partial<AuditFilters> & { cursor?: string | undefined }) =>
  addressWith(auditPage, filters);
