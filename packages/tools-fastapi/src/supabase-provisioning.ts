import { byVendor } from "@smarteros/connectors/vendors";
import { type Call, currentTraceparent, SmarterosError } from "@smarteros/core";
import {
  type DatabaseError,
  type DatabaseResponse,
  dataOf,
  type Json,
  rowsOf,
  type SupabaseClient,
  silenceNotice,
  workerSilence,
} from "@smarteros/supabase";
import * as z from "zod";
import type { Provisioning } from "./ports.ts";
import * as wire from "./provisioning.ts";
import { serviceInFull } from "./provisioning-rows.ts";
import { mayHaveRun, noSuchRun, noSuchTenant, refusalOfRule } from "./request-refusals.ts";
import { supabaseProvisioningLog } from "./supabase.ts";
import { type TaskWait, waitForTask } from "./wait-for-task.ts";
import { isoDateTime, wireRun, wireService } from "./wire-of-rows.ts";

/** A worker has 10 s for what a vendor is asked, and the caller 30 s for everything. */
const resultMs = 12_000;
const healthMs = 5_000;
/** Open runs that a status shows. */
const openRuns = 50;

const planned = z.object({ steps: wire.plan.shape.steps });
const adopted = wire.adoption.omit({ tenant_id: true, service: true });
const triggered = wire.triggerResponse.omit({ delivery_id: true });
const serviceColumns = Object.keys(serviceInFull.shape).join(",") as "*";

/**
 * Requests provisioning of the database as the user of the client, by its functions `request_…`. Workers run elsewhere: what
 * waits for one ends with `unavailable` where none has reported for two minutes, and a run carries the same as a notice.
 */
export function supabaseProvisioning(client: SupabaseClient): Provisioning {
  const log = supabaseProvisioningLog(client);

  /** Resolves to a run as it stands, with a notice while no worker is there. */
  async function runOf(id: string, { signal }: Call): Promise<z.output<typeof wire.run>> {
    const [{ runs }, silence] = await Promise.all([
      log.snapshot({ kind: "run", id }, signal),
      workerSilence(client, signal),
    ]);
    const [row] = runs;
    if (!row) throw noSuchRun();
    return { ...wireRun(row), ...noticeOf(silence) };
  }

  async function openedRun(
    response: DatabaseResponse<{ id: string }[] | null>,
    none: () => SmarterosError,
    call: Call,
  ) {
    const [opened] = rowsOf(accepted(response));
    if (!opened) throw none();
    return runOf(opened.id, call);
  }

  async function resultOf<Schema extends z.ZodType>(
    response: DatabaseResponse<unknown>,
    wait: Omit<TaskWait<Schema>, "id" | "client">,
  ): Promise<z.output<Schema>> {
    const id = accepted(response).data;
    if (typeof id !== "string") {
      dataOf({ ...response, data: true });
      throw noSuchTenant();
    }
    return waitForTask({ client, id, ...wait });
  }

  /** Resolves to what a worker saw within 30 s, or sees within 5 s; else to nothing. */
  async function health(
    silence: number | undefined,
    call: Call,
  ): Promise<z.output<typeof wire.vendorHealth>> {
    const { data, ...response } = await client.rpc("vendor_health").abortSignal(call.signal);
    const seen = accepted({ data: data as unknown, ...response }).data;
    if (seen !== null) return wire.vendorHealth.parse(seen);
    if (silence !== undefined) return {};
    const requested = await client.rpc("request_vendor_health").abortSignal(call.signal);
    return resultOf(requested, { schema: wire.vendorHealth, milliseconds: healthMs, call }).catch(
      (thrown) => {
        // The state of the services is worth more than an error about the health of their vendors.
        if (call.signal.aborted) throw thrown;
        return {};
      },
    );
  }

  return {
    async provision({ tenantId, services, createNew }, call) {
      const response = await client
        .rpc("request_services", {
          p_tenant_id: tenantId,
          p_vendors: services,
          p_create_new: createNew,
          p_request_id: call.requestId,
          ...tracing(),
        })
        .abortSignal(call.signal);
      return openedRun(response, noSuchTenant, call);
    },

    async plan({ tenantId, services }, call) {
      const response = await client
        .rpc("request_plan", { p_tenant_id: tenantId, p_vendors: services })
        .abortSignal(call.signal);
      const { steps } = await resultOf(response, { schema: planned, milliseconds: resultMs, call });
      return { run_id: null, status: "planned", steps };
    },

    async status(tenantId, call) {
      const { signal } = call;
      const silence = await workerSilence(client, signal);
      const [services, runs, seen] = await Promise.all([
        client.from("tenant_services").select(serviceColumns).eq("tenant_id", tenantId).abortSignal(signal),
        log.runs({ tenantId, state: "open" }, { limit: openRuns }, signal),
        health(silence, call),
      ]);
      const rows = serviceInFull.array().parse(rowsOf(services)).toSorted(byVendor);
      if (rows.length === 0) throw noSuchTenant();
      const standings = rows.map((row) => [row.vendor, wireService(row, seen[row.vendor] ?? null)]);
      return {
        tenant_id: tenantId,
        services: Object.fromEntries(standings) as z.output<typeof wire.tenantStatus>["services"],
        runs: runs.map(wireRun),
        ...noticeOf(silence),
      };
    },

    async retry(runId, call) {
      const response = await client
        .rpc("request_retry", { p_run_id: runId, ...tracing() })
        .abortSignal(call.signal);
      return openedRun(response, noSuchRun, call);
    },

    async cancel(runId, call) {
      const response = await client.rpc("request_cancel", { p_run_id: runId }).abortSignal(call.signal);
      return openedRun(response, noSuchRun, call);
    },

    async retryMatching(filter, call) {
      return changed(await client.rpc("request_retries", chosen(filter)).abortSignal(call.signal));
    },

    async cancelMatching(filter, call) {
      return changed(await client.rpc("request_cancels", chosen(filter)).abortSignal(call.signal));
    },

    async reconcile({ tenantId, vendor, repair, after }, call) {
      const response = await client
        .rpc("request_reconciliation", {
          p_repair: repair,
          ...(tenantId === undefined ? {} : { p_tenant_id: tenantId }),
          ...(vendor === undefined ? {} : { p_vendor: vendor }),
          ...(after === undefined ? {} : { p_after: after }),
        })
        .abortSignal(call.signal);
      return resultOf(response, { schema: wire.reconciliation, milliseconds: resultMs, call });
    },

    async adopt({ tenantId, service, externalId }, call) {
      const response = await client
        .rpc("request_adoption", { p_tenant_id: tenantId, p_vendor: service, p_external_id: externalId })
        .abortSignal(call.signal);
      if (response.error?.message === "external_id_taken") throw taken(service, response.error);
      const found = await resultOf(response, { schema: adopted, milliseconds: resultMs, call });
      return { tenant_id: tenantId, service, ...found };
    },

    async remove({ tenantId, services }, call) {
      const response = await client
        .rpc("request_removal", {
          p_tenant_id: tenantId,
          p_vendors: services,
          p_request_id: call.requestId,
          ...tracing(),
        })
        .abortSignal(call.signal);
      return openedRun(response, noSuchTenant, call);
    },

    async trigger({ tenantId, workflow, payload, deliveryId }, call) {
      const response = await client
        .rpc("request_trigger", {
          p_tenant_id: tenantId,
          p_workflow: workflow,
          p_payload: payload as Json,
          p_delivery_id: deliveryId,
        })
        .abortSignal(call.signal);
      if (response.error?.message === "tenant_deleted") throw atRest(response.error);
      if (response.error?.message === "workflow_not_registered")
        throw notRegistered(workflow, response.error);
      // The request may be in the database, and is then worked on.
      if (isLost(response)) throw mayHaveRun("unavailable", {}, response.error);
      const wait = { schema: triggered, milliseconds: resultMs, call, once: true };
      const result = await resultOf(response, wait);
      return { ...result, data: result.data ?? null, delivery_id: deliveryId };
    },

    async register({ tenantId, workflow, path }, call) {
      const response = await client
        .rpc("register_workflow", { p_tenant_id: tenantId, p_workflow: workflow, p_path: path })
        .abortSignal(call.signal);
      if (response.error?.code === "23505") throw pathTaken(response.error);
      const [row] = rowsOf(response);
      if (!row) throw noSuchTenant();
      const { tenant_id, registered_by, updated_at } = row;
      return {
        tenant_id,
        workflow: row.workflow,
        path: row.path,
        registered_by,
        updated_at: isoDateTime(updated_at),
      };
    },
  };
}

/** Returns the response. Throws the rule that the request breaks. */
function accepted<Data>(response: DatabaseResponse<Data>): DatabaseResponse<Data> {
  const refusal = response.error && refusalOfRule(response.error);
  if (refusal) throw refusal;
  return response;
}

/** Names the parameters of a filter. */
const chosen = ({ vendor, error, since, dryRun }: Parameters<Provisioning["retryMatching"]>[0]) => ({
  p_dry_run: dryRun,
  ...(vendor === undefined ? {} : { p_vendor: vendor }),
  ...(error === undefined ? {} : { p_error: error }),
  ...(since === undefined ? {} : { p_since: since }),
});

/** Reads how many runs changed. */
function changed(response: DatabaseResponse<{ runs: number; remaining: number }[] | null>) {
  const [row] = rowsOf(accepted(response));
  return { count: row?.runs ?? 0, remaining: row?.remaining ?? 0 };
}

/** Returns whether a request was sent whose response did not come from the database. */
const isLost = ({ error, status }: DatabaseResponse<unknown>) =>
  error !== null && !error.code && [0, 502, 503, 504].includes(status);

function tracing() {
  const traceparent = currentTraceparent();
  return traceparent === undefined ? {} : { p_traceparent: traceparent };
}

const noticeOf = (silence: number | undefined) =>
  silence === undefined ? {} : { notice: silenceNotice(silence) };

const taken = (vendor: string, cause: DatabaseError) =>
  new SmarterosError(
    "conflict",
    `Another tenant has this id at ${vendor}. Look it up there again.`,
    {},
    { cause },
  );

const atRest = (cause: DatabaseError) =>
  new SmarterosError("conflict", "The tenant is deleted: its workflows rest.", {}, { cause });

const notRegistered = (workflow: string, cause: DatabaseError) =>
  new SmarterosError(
    "not_found",
    `No workflow "${workflow}" is registered for this tenant. Provisioning registers its own; an administrator registers others.`,
    {},
    { cause },
  );

const pathTaken = (cause: DatabaseError) =>
  new SmarterosError(
    "conflict",
    "This path is registered already, for another workflow or tenant. Give the webhook its own.",
    {},
    { cause },
  );
