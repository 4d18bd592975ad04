import type { Vendor } from "@smarteros/connectors/vendors";
import { PostgrestClient } from "@supabase/postgrest-js";

/** How a step is to stand, in the words of the database. */
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

const idColumns: Record<Vendor, string> = {
  chatwoot: "chatwoot_inbox_id",
  botpress: "botpress_workspace_id",
  odoo: "odoo_company_id",
  n8n: "n8n_project_id",
  metabase: "metabase_dashboard_id",
};

type Step = { vendor: Vendor; action: string; state: string; attempts: number; created: boolean };

/** Runs and their steps as the service role may write them. They have no tasks, so that no worker takes them. */
export function provisioningRows(supabaseUrl: string, secretKey: string) {
  const headers = { apikey: secretKey, Authorization: `Bearer ${secretKey}` };
  const client = new PostgrestClient(`${supabaseUrl}/rest/v1`, { headers, retry: false });
  const now = () => new Date().toISOString();

  async function rows<Row>(
    what: string,
    request: PromiseLike<{ data: unknown; error: unknown }>,
  ): Promise<Row[]> {
    const { data, error } = await request;
    if (error) throw new Error(`${what}: ${JSON.stringify(error)}`);
    return data as Row[];
  }
  const call = (name: string, args: object) => rows<unknown>(name, client.rpc(name, args));
  const stepsOf = (runId: string) =>
    rows<Step>("steps", client.from("provision_steps").select("*").eq("run_id", runId));
  const change = (runId: string, vendor: Vendor, values: object) =>
    rows(
      "step",
      client
        .from("provision_steps")
        .update({ updated_at: now(), ...values })
        .match({ run_id: runId, vendor })
        .select("id"),
    );

  /** Derives the state of a run from its steps, as the database does for steps with tasks. */
  async function settle(runId: string): Promise<void> {
    const states = (await stepsOf(runId)).map(({ state }) => state);
    const has = (...some: string[]) => states.some((state) => some.includes(state));
    const [run] = await rows<{ cancelled_at: string | null }>(
      "run",
      client.from("provision_runs").select("cancelled_at").eq("id", runId),
    );
    const isOpen = has("queued", "running", "waiting");
    const over = run?.cancelled_at
      ? "cancelled"
      : !has("failed")
        ? "succeeded"
        : states.every((state) => state === "failed")
          ? "failed"
          : "partial";
    const state = !isOpen ? over : states.every((one) => one === "queued") ? "queued" : "running";
    const values = { state, finished_at: isOpen ? null : now() };
    await rows("run", client.from("provision_runs").update(values).eq("id", runId).select("id"));
  }

  return {
    async open(
      tenantId: string,
      vendors: Vendor[],
      requestedBy: string,
      action = "provision",
    ): Promise<string> {
      const run = { tenant_id: tenantId, requested_by: requestedBy };
      const [opened] = await rows<{ id: string }>(
        "run",
        client.from("provision_runs").insert(run).select("id"),
      );
      const id = opened?.id ?? "";
      const steps = vendors.map((vendor) => ({ run_id: id, tenant_id: tenantId, vendor, action }));
      await rows("steps", client.from("provision_steps").insert(steps).select("id"));
      return id;
    },
    async begin(runId: string, vendor: Vendor): Promise<void> {
      const step = (await stepsOf(runId)).find((one) => one.vendor === vendor);
      const attempts = (step?.attempts ?? 0) + 1;
      await change(runId, vendor, { state: "running", attempts, next_attempt_at: null, started_at: now() });
      await settle(runId);
    },
    async end(runId: string, vendor: Vendor, ending: Ending): Promise<void> {
      await change(runId, vendor, {
        state: ending.state,
        created: ending.created ?? false,
        duplicates: ending.duplicates ?? [],
        error_kind: ending.kind ?? null,
        error_message: ending.message ?? null,
        remedy: ending.remedy ?? null,
        next_attempt_at: ending.nextAttemptAt?.toISOString() ?? null,
        finished_at: ending.state === "waiting" ? null : now(),
        ...(ending.externalId === undefined ? {} : { external_id: ending.externalId }),
      });
      const [run] = await rows<{ tenant_id: string }>(
        "run",
        client.from("provision_runs").select("tenant_id").eq("id", runId),
      );
      if (ending.state === "succeeded" && ending.externalId !== undefined) {
        const recorded = { [idColumns[vendor]]: ending.externalId };
        await rows("tenant", client.from("tenants").update(recorded).eq("id", run?.tenant_id).select("id"));
        await call("note_provision_drift", { p_tenant_id: run?.tenant_id, p_checked: [vendor], p_found: [] });
      }
      await settle(runId);
    },
    cancel: (runId: string) => call("cancel_provision_run", { p_run_id: runId }),
    /** Ends the undoing of a step; a failed one was of something that the run created. */
    undo: (runId: string, vendor: Vendor, failure?: Pick<Ending, "kind" | "message" | "remedy">) =>
      change(
        runId,
        vendor,
        failure
          ? {
              state: "undo_failed",
              created: true,
              error_kind: failure.kind,
              error_message: failure.message,
              remedy: failure.remedy,
            }
          : { state: "undone" },
      ),
    /** Loses the id that is recorded for a tenant at a vendor. */
    forget: (tenantId: string, vendor: Vendor) =>
      rows(
        "tenant",
        client
          .from("tenants")
          .update({ [idColumns[vendor]]: null })
          .eq("id", tenantId)
          .select("id"),
      ),
    /** Uses up the attempts of a tenant's events, as if each had failed with this message. */
    failEvents: (tenantId: string, message: string) =>
      rows(
        "events",
        client
          .from("tenant_events")
          .update({ attempts: 5, processed_at: null, last_error: message })
          .eq("tenant_id", tenantId)
          .select("id"),
      ),
    retry: (runId: string) => call("retry_provision_run", { p_run_id: runId }),
    drift: (tenantId: string, vendor: Vendor, kind: string, externalId: string, seenName?: string) =>
      call("note_provision_drift", {
        p_tenant_id: tenantId,
        p_checked: [vendor],
        p_found: [{ vendor, kind, external_id: externalId, seen_name: seenName ?? null }],
      }),
  };
}
