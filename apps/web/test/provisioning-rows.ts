import type { Vendor } from "@smarteros/connectors/vendors";
import { PostgrestClient } from "@supabase/postgrest-js";

/** How a step is to stand, in the words of the database's functions. */
export type Ending = {
  state: "waiting" | "succeeded" | "failed" | "unsupported" | "skipped";
  externalId?: string;
  created?: boolean;
  duplicates?: string[];
  kind?: string;
  message?: string;
  remedy?: string;
  nextAttemptAt?: Date;
};

/** Runs and their steps as a worker writes them, by the very functions that it calls. */
export function provisioningRows(supabaseUrl: string, secretKey: string) {
  const headers = { apikey: secretKey, Authorization: `Bearer ${secretKey}` };
  const client = new PostgrestClient(`${supabaseUrl}/rest/v1`, { headers, retry: false });

  async function call(name: string, args: object) {
    const { data, error } = await client.rpc(name, args);
    if (error) throw new Error(`${name}: ${error.message}`);
    return data;
  }

  return {
    async open(tenantId: string, vendors: Vendor[], requestedBy: string, action = "provision") {
      const steps = vendors.map((vendor) => ({ vendor, action }));
      const args = { p_tenant_id: tenantId, p_steps: steps, p_requested_by: requestedBy };
      const [run] = await call("open_provision_run", args);
      return run.id as string;
    },
    begin: (runId: string, vendor: Vendor) =>
      call("begin_provision_step", { p_run_id: runId, p_vendor: vendor }),
    end: (runId: string, vendor: Vendor, ending: Ending) =>
      call("end_provision_step", {
        p_run_id: runId,
        p_vendor: vendor,
        p_state: ending.state,
        p_external_id: ending.externalId ?? null,
        p_created: ending.created ?? false,
        p_duplicates: ending.duplicates ?? [],
        p_error_kind: ending.kind ?? null,
        p_error_message: ending.message ?? null,
        p_remedy: ending.remedy ?? null,
        p_next_attempt_at: ending.nextAttemptAt?.toISOString() ?? null,
      }),
    cancel: (runId: string) => call("cancel_provision_run", { p_run_id: runId }),
    undo: (runId: string, vendor: Vendor) =>
      call("undo_provision_step", { p_run_id: runId, p_vendor: vendor }),
    retry: (runId: string) => call("retry_provision_run", { p_run_id: runId }),
    drift: (tenantId: string, vendor: Vendor, kind: string, externalId: string, seenName?: string) =>
      call("note_provision_drift", {
        p_tenant_id: tenantId,
        p_checked: [vendor],
        p_found: [{ vendor, kind, external_id: externalId, seen_name: seenName ?? null }],
      }),
  };
}
