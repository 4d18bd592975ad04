import { vendors } from "@smarteros/connectors";
import { databaseError, type SupabaseClient } from "@smarteros/supabase";
import type { ProvisioningStore, Run } from "./ports.ts";
import { runFrom, standingFrom, stepFrom, tenantFrom } from "./rows.ts";

const runColumns = "*,provision_steps(*)";

/** Runs, events and workers in Supabase, as the service role. */
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
      const rows = rowsOf(await client.from("tenants").select("*").eq("id", id));
      return rows[0] && tenantFrom(rows[0]);
    },

    async openRuns(of) {
      const open = client
        .from("provision_runs")
        .select(runColumns)
        .is("finished_at", null)
        .order("created_at")
        .limit(500);
      const rows = rowsOf(
        await ("tenantId" in of
          ? open.eq("tenant_id", of.tenantId)
          : open.lt("created_at", of.openedBefore.toISOString())),
      );
      return rows.map(runFrom);
    },

    async services(tenantId) {
      const rows = rowsOf(await client.from("tenant_services").select("*").eq("tenant_id", tenantId));
      return rows.map(standingFrom);
    },

    async recorded({ after, tenants }) {
      const most = tenants * vendors.length;
      const services = client.from("tenant_services").select("*").not("external_id", "is", null);
      const page = after === undefined ? services : services.gt("tenant_id", after);
      const rows = rowsOf(await page.order("tenant_id").limit(most)).map(standingFrom);
      const byTenant = Map.groupBy(rows, ({ tenantId }) => tenantId);
      // A full page may end in the middle of a tenant, who is then the next page's.
      if (rows.length === most) byTenant.delete(rows.at(-1)?.tenantId ?? "");
      if (byTenant.size === 0) return [];
      const found = rowsOf(
        await client
          .from("tenants")
          .select("*")
          .in("id", [...byTenant.keys()])
          .order("id"),
      ).map(tenantFrom);
      return found.map((tenant) => ({ tenant, services: byTenant.get(tenant.id) ?? [] }));
    },

    async noteDrift(tenantId, compared, found) {
      const rows = found.map(({ vendor, kind, externalId, seenName }) => ({
        vendor,
        kind,
        external_id: externalId,
        seen_name: seenName,
      }));
      const noted = { p_tenant_id: tenantId, p_checked: [...compared], p_found: rows };
      check(await client.rpc("note_provision_drift", noted));
    },

    async begin(runId, vendor) {
      const answer = await client.rpc("begin_provision_step", { p_run_id: runId, p_vendor: vendor });
      if (answer.error?.code === "23505") return "busy";
      const [row] = rowsOf(answer);
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
    async undone(runId, vendor) {
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
      check(await client.from("events").update(change).eq("id", id));
    },

    async beat(workerId) {
      // One that was taken for dead and is not is noticed when it dies.
      const alive = { id: workerId, seen_at: now(), recovered_at: null };
      check(await client.from("workers").upsert(alive, { onConflict: "id" }));
    },

    async deadWorkers(silentForMs) {
      const since = new Date(Date.now() - silentForMs).toISOString();
      const rows = rowsOf(
        await client.from("workers").select("id").is("recovered_at", null).lt("seen_at", since),
      );
      return rows.map(({ id }) => id);
    },

    async recovered(workerIds) {
      check(await client.from("workers").update({ recovered_at: now() }).in("id", workerIds));
    },
  };
}

type Answer<Row> = { data: Row[] | null; error: Parameters<typeof databaseError>[0] | null; status: number };

function check({ error, status }: Pick<Answer<unknown>, "error" | "status">) {
  if (error) throw databaseError(error, status);
}

function rowsOf<Row>(answer: Answer<Row>): Row[] {
  check(answer);
  return answer.data ?? [];
}

const now = () => new Date().toISOString();
