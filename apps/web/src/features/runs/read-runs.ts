import { type Call, SmarterosError } from "@smarteros/core";
import { cursorAfter, positionOf } from "@smarteros/core/cursor";
import type { Session } from "@smarteros/identity";
import { olderThan, readRows } from "@smarteros/supabase";
import { openRunStates } from "@smarteros/tools-fastapi/provisioning-states";
import { listTenants } from "@smarteros/tools-tenants";
import * as z from "zod";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";
import { runColumns } from "../live/read-provisioning.ts";
import { type Run, run } from "../live/rows.ts";
import type { RunFilters } from "./run-filters.ts";

const pageSize = 25;
/** Tenants among which a search looks for runs. */
const mostTenants = 100;
const uuid = z.uuid();

type Position = { created_at: string; id: string };

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
    const rows = await readRows<Position>(
      (last, limit) => query(session, filters, { tenants: searched, last, limit }, call),
      pageSize + 1,
    );
    const runs = run.array().parse(rows);
    const page = runs.slice(0, pageSize);
    const last = page.at(-1);
    return {
      runs: page,
      nextCursor:
        runs.length > pageSize && last ? cursorAfter({ createdAt: last.created_at, id: last.id }) : undefined,
      cut: searched?.length === mostTenants,
    };
  });
}

function query(
  session: Session,
  { tenant, state, vendor, who, cursor }: RunFilters,
  { tenants, last, limit }: { tenants: string[] | undefined; last: Position | undefined; limit: number },
  { signal }: Call,
) {
  if (tenant && !uuid.safeParse(tenant).success)
    throw new SmarterosError("invalid_input", "tenant: not the id of a tenant.");
  // Joined a second time, so that a filter on steps leaves all steps in the run.
  const columns = vendor ? `${runColumns},asked:provision_steps!inner(vendor,state)` : runColumns;
  let runs = requireServices()
    .forUser(session)
    .client.from("provision_runs")
    .select(columns as "*")
    .order("created_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(limit)
    .abortSignal(signal);
  if (tenant) runs = runs.eq("tenant_id", tenant);
  if (tenants) runs = runs.in("tenant_id", tenants);
  if (vendor) runs = runs.eq("asked.vendor", vendor);
  if (state === "open") runs = runs.in("state", openRunStates);
  else if (state === "trouble") runs = runs.in("state", ["partial", "failed"]);
  else if (state) runs = runs.eq("state", state);
  if (who === "me") runs = runs.eq("requested_by", session.principal.userId);
  else if (who === "events") runs = runs.not("event_id", "is", null);
  else if (who === "people") runs = runs.is("event_id", null);
  if (last) return runs.or(olderThan("created_at", { at: last.created_at, id: last.id }));
  if (!cursor) return runs;
  const { createdAt, id } = positionOf(cursor, "the list of runs");
  return runs.or(olderThan("created_at", { at: createdAt, id }));
}

/** The newest tenants that a search matches, by the rules of `tenants.list`. */
async function tenantsFound(session: Session, search: string, call: Call) {
  const input = listTenants.input.safeParse({ search, includeInactive: true, limit: mostTenants });
  if (!input.success) throw new SmarterosError("invalid_input", "search: not a part of a name or RUT.");
  const ports = requireServices().forUser(session).ports;
  const { tenants } = await listTenants.handler({ input: input.data, call, ports });
  return tenants.map(({ id }) => id);
}
