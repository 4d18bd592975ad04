import { flagOf, type Vendor, vendors } from "@smarteros/connectors";
import { databaseError, type SupabaseClient } from "@smarteros/supabase";
import type {
  ProvisionedTenant,
  ProvisioningStore,
  Run,
  RunState,
  Step,
  StepAction,
  StepState,
} from "./ports.ts";

const idColumns = {
  chatwoot: "chatwoot_inbox_id",
  botpress: "botpress_workspace_id",
  odoo: "odoo_company_id",
  n8n: "n8n_project_id",
  metabase: "metabase_dashboard_id",
} as const satisfies Record<Vendor, string>;

const runColumns =
  "id,tenant_id,requested_by,event_id,state,cancelled_at,provision_steps(vendor,action,state,attempts,external_id,created)";

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

    async begin(runId, vendor) {
      const answer = await client.rpc("begin_provision_step", { p_run_id: runId, p_vendor: vendor });
      if (answer.error?.code === "23505") return "busy";
      const [row] = rowsOf(answer);
      return row ? stepFrom(row) : "over";
    },

    async end(runId, vendor, { state, externalId, created, duplicates, error, nextAttemptAt }) {
      rowsOf(
        await client.rpc("end_provision_step", {
          p_run_id: runId,
          p_vendor: vendor,
          p_state: state,
          p_created: created ?? false,
          p_duplicates: [...(duplicates ?? [])],
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
      check(await client.from("workers").upsert({ id: workerId, seen_at: now() }, { onConflict: "id" }));
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

type StepRow = {
  vendor: string;
  action: string;
  state: string;
  attempts: number;
  external_id: string | null;
  created: boolean;
};

function stepFrom({ vendor, action, state, attempts, external_id, created }: StepRow): Step {
  return {
    vendor: vendor as Vendor,
    action: action as StepAction,
    state: state as StepState,
    attempts,
    externalId: external_id,
    created,
  };
}

type RunRow = {
  id: string;
  tenant_id: string;
  requested_by: string;
  event_id: number | null;
  state: string;
  cancelled_at: string | null;
  provision_steps: StepRow[];
};

function runFrom({
  id,
  tenant_id,
  requested_by,
  event_id,
  state,
  cancelled_at,
  provision_steps,
}: RunRow): Run {
  const place = (step: Step) => vendors.indexOf(step.vendor);
  return {
    id,
    tenantId: tenant_id,
    requestedBy: requested_by,
    eventId: event_id,
    state: state as RunState,
    cancelled: cancelled_at !== null,
    steps: provision_steps.map(stepFrom).sort((a, b) => place(a) - place(b)),
  };
}

type TenantRow = {
  id: string;
  business_name: string;
  rut: string;
  active: boolean;
  services_enabled: unknown;
} & Record<(typeof idColumns)[Vendor], string | number | null>;

function tenantFrom(row: TenantRow): ProvisionedTenant {
  const flags = row.services_enabled as Record<string, boolean>;
  const perVendor = <T>(of: (vendor: Vendor) => T) =>
    Object.fromEntries(vendors.map((vendor) => [vendor, of(vendor)])) as Record<Vendor, T>;
  return {
    id: row.id,
    businessName: row.business_name,
    rut: row.rut,
    active: row.active,
    wanted: perVendor((vendor) => flags[flagOf[vendor]] === true),
    externalIds: perVendor((vendor) => row[idColumns[vendor]]),
  };
}
