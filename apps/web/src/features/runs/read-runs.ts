import { type Call, type Principal, SmarterosError } from "@smarteros/core";
import { cursorAfter, pageOf, positionOf } from "@smarteros/core/cursor";
import type { Session } from "@smarteros/identity";
import type { RunFilters as LogFilters, Run } from "@smarteros/tools-fastapi/provisioning-log";
import { listTenants } from "@smarteros/tools-tenants";
import * as z from "zod";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";
import { type RunFilters, sinceOf } from "./run-filters.ts";

const pageSize = 25;
/** Tenants among which a search looks for runs. */
const mostTenants = 100;
const uuid = z.uuid();

export type RunPage = {
  runs: Run[];
  nextCursor?: string | undefined;
  /** True where more tenants match than are searched. */
  cut: boolean;
};

/** One page of the runs that the viewer may see, newest first. */
export function readRuns(session: Session, filters: RunFilters) {
  return readForPage(session.principal, async (call): Promise<RunPage> => {
    const searched = filters.search ? await tenantsFound(session, filters.search, call) : undefined;
    if (searched?.length === 0) return { runs: [], cut: false };
    const wanted = logFilters(filters, session.principal, searched);
    const after = filters.cursor ? positionOf(filters.cursor, "the list of runs") : undefined;
    const { provisioning } = requireServices().forUser(session).pagePorts;
    const runs = await provisioning.runs(wanted, { limit: pageSize + 1, after }, call.signal);
    const { page, ...next } = pageOf(runs, pageSize, ({ created_at: createdAt, id }) =>
      cursorAfter({ createdAt, id }),
    );
    return { runs: page, ...next, cut: searched?.length === mostTenants };
  });
}

/** The filters of the address as those of the log. Throws `invalid_input` for a tenant that is no id. */
function logFilters(
  { tenant, state, vendor, error, since, who }: RunFilters,
  { userId }: Principal,
  tenantIds: string[] | undefined,
): LogFilters {
  if (tenant && !uuid.safeParse(tenant).success)
    throw new SmarterosError("invalid_input", "tenant: not the id of a tenant.");
  const asked = {
    me: { requestedBy: userId },
    events: { origin: "event" },
    people: { origin: "person" },
    repairs: { origin: "repair" },
  } as const;
  return {
    tenantId: tenant,
    tenantIds,
    vendor,
    error,
    since: since && sinceOf(since, Date.now()),
    state,
    ...(who && asked[who]),
  };
}

/** The newest tenants that a search matches, by the rules of `tenants.list`. */
async function tenantsFound(session: Session, search: string, call: Call) {
  const input = listTenants.input.safeParse({ search, includeInactive: true, limit: mostTenants });
  if (!input.success) throw new SmarterosError("invalid_input", "search: not a part of a name or RUT.");
  const ports = requireServices().forUser(session).ports;
  const { tenants } = await listTenants.handler({ input: input.data, call, ports });
  return tenants.map(({ id }) => id);
}
