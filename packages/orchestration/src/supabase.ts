import { byVendor, type ConnectorSettings, createConnectors, vendors } from "@smarteros/connectors";
import { supabaseTasks } from "@smarteros/queue/supabase";
import { newerThan, readRows, requireSuccess, rowsOf, type SupabaseClient } from "@smarteros/supabase";
import { supabaseIntents } from "./intents.ts";
import type { ProvisioningStore, Run } from "./ports.ts";
import { type RunRow, runFrom, type StandingRow, standingFrom, type TenantRow, tenantFrom } from "./rows.ts";

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

    async recorded({ after, tenants }) {
      const maxServices = tenants * vendors.length;
      const recorded = await readRows<StandingRow>((last, limit) => {
        const services = client
          .from("tenant_services")
          .select("*")
          .not("external_id", "is", null)
          .eq("held", false)
          .order("tenant_id")
          .order("vendor")
          .limit(limit);
        if (last?.tenant_id) return services.or(afterService(last.tenant_id, last.vendor));
        return after === undefined ? services : services.gt("tenant_id", after);
      }, maxServices);
      const byTenant = Map.groupBy(recorded.map(standingFrom), ({ tenantId }) => tenantId);
      // A full page may end in the middle of a tenant. The next page then begins with that tenant.
      if (recorded.length === maxServices) byTenant.delete(recorded.at(-1)?.tenant_id ?? "");
      if (byTenant.size === 0) return [];
      const found = await readRows<TenantRow>((last, limit) => {
        const those = client
          .from("tenants")
          .select(tenantColumns, { count: "exact" })
          .in("id", [...byTenant.keys()])
          .order("id")
          .limit(limit);
        return last ? those.gt("id", last.id) : those;
      });
      return found.map((row) => {
        const services = byTenant.get(row.id) ?? [];
        return { tenant: tenantFrom(row), services };
      });
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

    async start(runId) {
      requireSuccess(await client.rpc("start_provision_run", { p_run_id: runId }));
    },

    cancel: async (runId) => rowsOf(await client.rpc("cancel_provision_run", { p_run_id: runId })).length > 0,

    retry: async (runId) => rowsOf(await client.rpc("retry_provision_run", { p_run_id: runId })).length > 0,

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
      const change = problem === undefined ? { processed_at: now() } : { last_error: problem.slice(0, 500) };
      requireSuccess(await client.from("tenant_events").update(change).eq("id", id));
    },

    intents: (task) => supabaseIntents(client, task),

    async report(workerId) {
      requireSuccess(await client.rpc("report_worker", { p_id: workerId }));
    },
  };
}

/** Returns the filter for services after this one, ordered by tenant and vendor. */
function afterService(tenantId: string, vendor: string | null): string {
  return `tenant_id.gt.${tenantId},and(tenant_id.eq.${tenantId},vendor.gt.${vendor})`;
}

const now = () => new Date().toISOString();
