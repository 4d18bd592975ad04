import { byVendor, vendors } from "@smarteros/connectors/vendors";
import { SmarterosError } from "@smarteros/core";
import type { PagePosition } from "@smarteros/core/cursor";
import {
  countOf,
  type Database,
  type DatabaseResponse,
  dataOf,
  olderThan,
  readRows,
  rowsOf,
  type SupabaseClient,
} from "@smarteros/supabase";
import { heldAfter } from "./held-position.ts";
import type { Checklist } from "./ports.ts";
import type { ProvisioningLog, RunFilters } from "./provisioning-log.ts";
import { failedEvent, heldService, openBreaker, run, service, step } from "./provisioning-rows.ts";
import { openRunStates } from "./provisioning-states.ts";

/** Runs that a snapshot of a tenant has. */
const newest = 5;
/** Failures after which an event is not tried again. */
const eventAttempts = 5;
const failedEventsShown = 20;
/** Who requests what an event or the repair of a difference brings about. */
const system = "system";

const { provision_steps: _steps, tenants: _tenants, ...runShape } = run.shape;
const columnsOf = (shape: object) => Object.keys(shape).join(",");
// The tenant is joined by the name of its key, because steps refer to it as well.
const runColumns = `${columnsOf(runShape)},provision_steps(${columnsOf(step.shape)}),tenants!provision_runs_tenant_id_fkey(business_name,rut,active)`;
const serviceColumns = columnsOf(service.shape) as "*";
const heldColumns = columnsOf(heldService.shape) as "*";
const failedEventColumns = columnsOf(failedEvent.shape) as "*";

type HeldRow = Database["public"]["Views"]["tenant_services"]["Row"];

/** Reads what is recorded of provisioning from Supabase, as the user of the client. */
export function supabaseProvisioningLog(client: SupabaseClient): ProvisioningLog {
  return {
    async snapshot(subject, signal) {
      const runs = client
        .from("provision_runs")
        .select(runColumns as "*")
        .abortSignal(signal);
      if (subject.kind === "run") {
        const found = runsOf(await runs.eq("id", subject.id));
        if (found.length === 0) throw missing("run");
        return { services: [], runs: found };
      }
      const [services, latest] = await Promise.all([
        client.from("tenant_services").select(serviceColumns).eq("tenant_id", subject.id).abortSignal(signal),
        runs
          .eq("tenant_id", subject.id)
          .order("created_at", { ascending: false })
          .order("id", { ascending: false })
          .limit(newest),
      ]);
      const found = rowsOf(services);
      if (found.length === 0) throw missing("tenant");
      return { services: service.array().parse(found).toSorted(byVendor), runs: runsOf(latest) };
    },

    async runs(filters, { limit, after }, signal) {
      const rows = await readRows<{ created_at: string; id: string }>((last, most) => {
        const query = filteredRuns(client, filters, most).abortSignal(signal);
        const position = last ? { createdAt: last.created_at, id: last.id } : after;
        return position ? query.or(runsAfter(position)) : query;
      }, limit);
      return run.array().parse(rows);
    },

    async heldServices({ limit, after, recorded = false }, signal) {
      const rows = await readRows<HeldRow>((last, most) => {
        let query = client
          .from("tenant_services")
          .select(heldColumns)
          .is("held", true)
          .order("wanted", { ascending: false })
          .order("tenant_id")
          .order("vendor")
          .limit(most)
          .abortSignal(signal);
        if (recorded) query = query.not("external_id", "is", null);
        const position = last ? heldService.parse(last) : after;
        return position ? query.or(heldAfter(position)) : query;
      }, limit);
      return heldService.array().parse(rows);
    },

    async countHolds({ vendor, open }, signal) {
      let holds = client
        .from("provision_holds")
        .select("tenant_id", { count: "exact" })
        .limit(1)
        .abortSignal(signal);
      if (vendor) holds = holds.eq("vendor", vendor);
      if (open === true) holds = holds.is("released_at", null);
      if (open === false) holds = holds.not("released_at", "is", null);
      return countOf(await holds);
    },

    async failedEvents(tenantId, signal) {
      const response = await client
        .from("tenant_events")
        .select(failedEventColumns)
        .eq("tenant_id", tenantId)
        .is("processed_at", null)
        .gte("attempts", eventAttempts)
        .order("id")
        .limit(failedEventsShown)
        .abortSignal(signal);
      return failedEvent.array().parse(rowsOf(response));
    },

    async openBreakers(signal) {
      const response = await client
        .from("task_queues")
        .select("vendor:name,open_until")
        .in("name", vendors)
        .not("open_until", "is", null)
        .abortSignal(signal);
      return openBreaker.array().parse(rowsOf(response)).toSorted(byVendor);
    },
  };
}

/** Ticks items of checklists in Supabase, as the user of the client. */
export function supabaseChecklist(client: SupabaseClient): Checklist {
  return {
    async check({ tenantId, service, item, done }, signal) {
      const ticked = { p_tenant_id: tenantId, p_vendor: service, p_item: item, p_done: done };
      return dataOf(await client.rpc("check_service", ticked).abortSignal(signal));
    },
  };
}

function filteredRuns(
  client: SupabaseClient,
  { tenantId, tenantIds, vendor, error, since, state, requestedBy, origin }: RunFilters,
  limit: number,
) {
  // Joined a second time, so that a filter on steps leaves all steps in the run.
  const ofSteps = vendor || error || since;
  const columns = ofSteps ? `${runColumns},asked:provision_steps!inner(vendor,state)` : runColumns;
  let runs = client
    .from("provision_runs")
    .select(columns as "*")
    .order("created_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(limit);
  if (tenantId) runs = runs.eq("tenant_id", tenantId);
  if (tenantIds) runs = runs.in("tenant_id", tenantIds);
  if (vendor) runs = runs.eq("asked.vendor", vendor);
  if (error) runs = runs.eq("asked.error_kind", error);
  if (since) runs = runs.gte("asked.updated_at", since);
  if (state === "open") runs = runs.in("state", openRunStates);
  else if (state === "trouble") runs = runs.in("state", ["partial", "failed"]);
  else if (state) runs = runs.eq("state", state);
  if (requestedBy) runs = runs.eq("requested_by", requestedBy);
  if (origin === "event") runs = runs.not("event_id", "is", null);
  if (origin === "person") runs = runs.is("event_id", null).neq("requested_by", system);
  if (origin === "repair") runs = runs.is("event_id", null).eq("requested_by", system);
  return runs;
}

const runsAfter = ({ createdAt, id }: PagePosition) => olderThan("created_at", { at: createdAt, id });

const runsOf = (response: DatabaseResponse<unknown[] | null>) => run.array().parse(rowsOf(response));

function missing(what: string) {
  return new SmarterosError("not_found", `There is no such ${what} among those that you may see.`);
}
