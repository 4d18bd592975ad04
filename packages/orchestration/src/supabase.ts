import { byVendor, vendors } from "@smarteros/connectors";
import { newerThan, readRows, requireSuccess, rowsOf, type SupabaseClient } from "@smarteros/supabase";
import type { ProvisioningStore, Run } from "./ports.ts";
import {
  type RunRow,
  runFrom,
  type StandingRow,
  standingFrom,
  stepFrom,
  type TenantRow,
  tenantFrom,
} from "./rows.ts";

const runColumns = "*,provision_steps(*)";
const tenantColumns = "*,tenant_service_ids(vendor,external_id)";

/** Stores runs, events and workers in Supabase, as the service role. */
export function supabaseProvisioning(client: SupabaseClient): ProvisioningStore {
  async function run(id: string): Promise<Run | undefined> {
    const rows = rowsOf(await client.from("provision_runs").select(runColumns).eq("id", id));
    return rows[0] && runFrom(rows[0]);
  }

  return {
    run,

    async open({ tenantId, steps, requestedBy, eventId, requestId }) {
      const rows = rowsOf(
        await client.rpc("open_provision_run", {
          p_tenant_id: tenantId,
          p_steps: steps,
          p_requested_by: requestedBy,
          ...(eventId === undefined ? {} : { p_event_id: eventId }),
          ...(requestId === undefined ? {} : { p_request_id: requestId }),
        }),
      );
      return rows[0] && run(rows[0].id);
    },

    async tenant(id) {
      const rows = rowsOf(await client.from("tenants").select(tenantColumns).eq("id", id));
      return rows[0] && tenantFrom(rows[0]);
    },

    async openRuns(of) {
      const rows = await readRows<RunRow>((last, limit) => {
        const open = client
          .from("provision_runs")
          .select(runColumns, { count: "exact" })
          .is("finished_at", null)
          .order("created_at")
          .order("id")
          .limit(limit);
        const filtered =
          "tenantId" in of
            ? open.eq("tenant_id", of.tenantId)
            : open.lt("created_at", of.openedBefore.toISOString());
        return last ? filtered.or(newerThan("created_at", { at: last.created_at, id: last.id })) : filtered;
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

    async begin(runId, vendor) {
      const response = await client.rpc("begin_provision_step", { p_run_id: runId, p_vendor: vendor });
      if (response.error?.code === "23505") return "busy";
      const [row] = rowsOf(response);
      return row ? stepFrom(row) : "over";
    },

    async end(runId, vendor, { state, externalId, created, duplicates, webhooks, error, nextAttemptAt }) {
      rowsOf(
        await client.rpc("end_provision_step", {
          p_run_id: runId,
          p_vendor: vendor,
          p_state: state,
          p_created: created ?? false,
          p_duplicates: [...(duplicates ?? [])],
          p_webhooks: [...(webhooks ?? [])],
          ...(externalId === undefined ? {} : { p_external_id: externalId }),
          ...(error
            ? { p_error_kind: error.kind, p_error_message: error.message, p_remedy: error.remedy }
            : {}),
          ...(nextAttemptAt ? { p_next_attempt_at: nextAttemptAt.toISOString() } : {}),
        }),
      );
    },

    cancel: async (runId) => rowsOf(await client.rpc("cancel_provision_run", { p_run_id: runId })).length > 0,
    async markUndone(runId, vendor) {
      rowsOf(await client.rpc("undo_provision_step", { p_run_id: runId, p_vendor: vendor }));
    },

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

    async heartbeat(workerId) {
      // Clearing the mark makes a worker that was wrongly taken for dead recoverable again.
      const alive = { id: workerId, seen_at: now(), recovered_at: null };
      requireSuccess(await client.from("provision_workers").upsert(alive, { onConflict: "id" }));
    },

    async deadWorkers(silentForMs) {
      const since = new Date(Date.now() - silentForMs).toISOString();
      const rows = await readRows<{ id: string }>((last, limit) => {
        const silent = client
          .from("provision_workers")
          .select("id", { count: "exact" })
          .is("recovered_at", null)
          .lt("seen_at", since)
          .order("id")
          .limit(limit);
        return last ? silent.gt("id", last.id) : silent;
      });
      return rows.map(({ id }) => id);
    },

    async markRecovered(workerIds) {
      requireSuccess(
        await client.from("provision_workers").update({ recovered_at: now() }).in("id", workerIds),
      );
    },
  };
}

/** Returns the filter for services after this one, ordered by tenant and vendor. */
function afterService(tenantId: string, vendor: string | null): string {
  return `tenant_id.gt.${tenantId},and(tenant_id.eq.${tenantId},vendor.gt.${vendor})`;
}

const now = () => new Date().toISOString();
