import type { CallFilters } from "@smarteros/observability";
import { searchAudit } from "@smarteros/observability/tools";
import { zonedTimeToIso } from "@smarteros/ui/zoned-time.ts";
import * as z from "zod";

/** The filters of the address, as text. */
export type AuditFilters = Record<(typeof filterNames)[number], string>;
export const filterNames = ["user", "tool", "tenant", "status", "request", "from", "to", "id"] as const;

export type SearchParams = Record<string, string | string[] | undefined>;

const { limit: _limit, cursor: _cursor, ...shape } = searchAudit.input.shape;
const accepted = z.object({ ...shape, id: z.uuid().optional() });

/** Reads the filters of an address; of a name that is there twice the first counts. */
export function auditFiltersOf(params: SearchParams): AuditFilters {
  const first = (name: string) => [params[name]].flat()[0]?.trim() ?? "";
  return Object.fromEntries(filterNames.map((name) => [name, first(name)])) as AuditFilters;
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

/** An address with these filters; those without a value are left out. */
export function addressWith(
  base: string,
  filters: Partial<AuditFilters> & { cursor?: string | undefined; format?: string },
) {
  const given = Object.entries(filters).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const query = new URLSearchParams(given).toString();
  return query ? `${base}?${query}` : base;
}

export const auditPage = "/dashboard/audit";
