import { byVendor, type ConnectorSettings, createConnectors } from "@smarteros/connectors";
import { supabaseTasks } from "@smarteros/queue/supabase";
import {
  dataOf,
  newerThan,
  readRows,
  requireSuccess,
  rowsOf,
  type SupabaseClient,
} from "@smarteros/supabase";
import { type IntentRow, supabaseIntents } from "./intents.ts";
import type { ProvisioningStore, Run, RunFilter } from "./ports.ts";
import { comparedService, type RunRow, runFrom, standingFrom, type TenantRow, tenantFrom } from "./rows.ts";

const runColumns = "*,provision_steps(*)";
const tenantColumns = "*,tenant_service_ids(vendor,external_id),provision_holds(vendor,released_at)";

/** Composes what a worker needs from a client of the service role and the settings of the vendors. */
export function supabaseWorkerParts(client: SupabaseClient, settings: ConnectorSettings) {
  return {
    store: supabaseProvisioning(client),
    tasks: supabaseTasks(client),
    connectors: createConnectors(settings),
  };
}

/** Stores runs, events and workers in Supabase, as the service role. */
export function supabaseProvisioning(client: SupabaseClient): ProvisioningStore {
  async function run(id: string): Promise<Run | undefined> {
    const rows = rowsOf(await client.from("provision_runs").select(runColumns).eq("id", id));
    return rows[0] && runFrom(rows[0]);
  }

  return {
    run,

    async open({ tenantId, steps, requestedBy, eventId, requestId, traceparent }) {
      const rows = rowsOf(
        await client.rpc("open_provision_run", {
          p_tenant_id: tenantId,
          p_steps: steps,
          p_requested_by: requestedBy,
          ...(eventId === undefined ? {} : { p_event_id: eventId }),
          ...(requestId === undefined ? {} : { p_request_id: requestId }),
          ...(traceparent === undefined ? {} : { p_traceparent: traceparent }),
        }),
      );
      return rows[0] && run(rows[0].id);
    },

    async tenant(id) {
      const rows = rowsOf(await client.from("tenants").select(tenantColumns).eq("id", id));
      return rows[0] && tenantFrom(rows[0]);
    },

    async openRuns(tenantId) {
      const rows = await readRows<RunRow>((last, limit) => {
        const open = client
          .from("provision_runs")
          .select(runColumns, { count: "exact" })
          .eq("tenant_id", tenantId)
          .is("finished_at", null)
          .order("created_at")
          .order("id")
          .limit(limit);
        return last ? open.or(newerThan("created_at", { at: last.created_at, id: last.id })) : open;
      });
      return rows.map(runFrom);
    },

    async services(tenantId) {
      const rows = rowsOf(await client.from("tenant_services").select("*").eq("tenant_id", tenantId));
      return rows.map(standingFrom).sort(byVendor);
    },

    async releaseHolds(tenantId, released) {
      requireSuccess(
        await client.rpc("release_provision_holds", { p_tenant_id: tenantId, p_vendors: [...released] }),
      );
    },

    async isTaken(vendor, externalId, tenantId) {
      const found = await client
        .from("tenant_services")
        .select("tenant_id")
        .eq("vendor", vendor)
        .eq("external_id", externalId)
        .neq("tenant_id", tenantId)
        .limit(1);
      return rowsOf(found).length > 0;
    },

    async adopt(tenantId, vendor, externalId) {
      const response = await client.rpc("adopt_service", {
        p_tenant_id: tenantId,
        p_vendor: vendor,
        p_external_id: externalId,
      });
      if (response.error?.message === "external_id_taken") return "taken";
      return rowsOf(response).length > 0 ? "adopted" : undefined;
    },

    async toCompare({ after, tenants, owner, tenantId, vendor }) {
      const page = rowsOf(
        await client.rpc("services_to_compare", {
          p_limit: tenants,
          ...(after === undefined ? {} : { p_after: after }),
          ...(owner === undefined ? {} : { p_owner: owner }),
          ...(tenantId === undefined ? {} : { p_tenant_id: tenantId }),
          ...(vendor === undefined ? {} : { p_vendor: vendor }),
        }),
      );
      if (page.length === 0) return [];
      const services = new Map(
        page.map(({ tenant_id, services }) => [tenant_id, comparedService.array().parse(services)]),
      );
      const found = await readRows<TenantRow>((last, limit) => {
        const those = client
          .from("tenants")
          .select(tenantColumns, { count: "exact" })
          .in("id", [...services.keys()])
          .order("id")
          .limit(limit);
        return last ? those.gt("id", last.id) : those;
      });
      return found.map((row) => ({ tenant: tenantFrom(row), services: services.get(row.id) ?? [] }));
    },

    async retryEvents(tenantIds) {
      requireSuccess(await client.rpc("retry_events", { p_tenants: [...tenantIds] }));
    },

    async noteDrift(tenantId, compared, found) {
      const rows = found.map(({ vendor, kind, externalId, seenName }) => ({
        vendor,
        kind,
        external_id: externalId,
        seen_name: seenName,
      }));
      const noted = { p_tenant_id: tenantId, p_checked: [...compared], p_found: rows };
      requireSuccess(await client.rpc("note_provision_drift", noted));
    },

    async beginStep(task) {
      const held = { p_task_id: task.id, p_claim: task.claim };
      const begun = dataOf(await client.rpc("begin_step", held)) as unknown as BegunRow | null;
      if (begun === null) return undefined;
      return {
        run: runFrom(begun.run),
        tenant: tenantFrom(begun.tenant),
        isReplaced: begun.is_replaced,
        intents: supabaseIntents(client, task, begun.intent),
      };
    },

    cancel: async (runId) => rowsOf(await client.rpc("cancel_provision_run", { p_run_id: runId })).length > 0,

    retry: async (runId) => rowsOf(await client.rpc("retry_provision_run", { p_run_id: runId })).length > 0,

    retryMatching: async (filter) =>
      changed(rowsOf(await client.rpc("retry_provision_runs", parametersOf(filter)))),

    cancelMatching: async (filter) =>
      changed(rowsOf(await client.rpc("cancel_provision_runs", parametersOf(filter)))),

    async claimEvents(limit) {
      const rows = rowsOf(await client.rpc("claim_events", { p_limit: limit }));
      return rows
        .map(({ id, type, tenant_id, payload, attempts }) => ({
          id,
          type,
          tenantId: tenant_id,
          payload: payload as Record<string, unknown>,
          attempts,
        }))
        .sort((a, b) => a.id - b.id);
    },

    async settleEvent(id, problem) {
      const settled = { p_id: id, ...(problem === undefined ? {} : { p_problem: problem }) };
      requireSuccess(await client.rpc("settle_event", settled));
    },

    async report(workerId, resourceUrls) {
      requireSuccess(await client.rpc("report_worker", { p_id: workerId, p_resource_urls: resourceUrls }));
    },
  };
}

/** What `begin_step` returns. */
type BegunRow = { run: RunRow; tenant: TenantRow; intent: IntentRow | null; is_replaced: boolean };

const parametersOf = ({ owner, vendor, error, since, dryRun }: RunFilter) => ({
  p_dry_run: dryRun,
  ...(owner === undefined ? {} : { p_owner: owner }),
  ...(vendor === undefined ? {} : { p_vendor: vendor }),
  ...(error === undefined ? {} : { p_error: error }),
  ...(since === undefined ? {} : { p_since: since }),
});

const changed = ([row]: { runs: number; remaining: number }[]) => ({
  count: row?.runs ?? 0,
  remaining: row?.remaining ?? 0,
});
