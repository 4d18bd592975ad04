import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { vendors } from "@smarteros/connectors";
import { SmarterosError } from "@smarteros/core";
import {
  adoptService,
  compareServices,
  serializePlannedStep,
  serializeRun,
  serializeService,
} from "@smarteros/orchestration";
import * as wire from "@smarteros/tools-fastapi/provisioning";
import type { StepAction } from "@smarteros/tools-fastapi/provisioning-states";
import type { Context } from "hono";
import { requireCapability } from "../authenticate.ts";
import { refuseInvalidInput } from "../invalid-input.ts";
import { type Provisioning, refuseHeld, requireProvisioning } from "../provisioning.ts";
import { principalOf, type RequestContext } from "../request-context.ts";
import { failures, jsonOf } from "../responses.ts";
import { noSuchTenant, type TenantReader } from "../tenants.ts";

const security = [{ assertion: [] }];
const refusals = failures("invalid_input", "unauthorized", "forbidden", "not_found", "unavailable");
const accepted = jsonOf("The run, which goes on", wire.run);
const runId = z.strictObject({ id: z.uuid("Not a run's id. It is a UUID.") });
const dayMs = 86_400_000;

const bodyOf = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { "application/json": { schema } },
});

const provision = createRoute({
  method: "post",
  path: "/services/provision",
  summary: "Bring services of a tenant about; the same tenant and services while a run is open are that run",
  security,
  request: { body: bodyOf(wire.provisionRequest) },
  responses: {
    200: jsonOf("What a run would do, where dry_run is set", wire.plan),
    202: accepted,
    ...refusals,
    ...failures("conflict"),
  },
});

const status = createRoute({
  method: "get",
  path: "/services/status",
  summary: "How a tenant's services stand, with the runs that are open",
  security,
  request: { query: z.strictObject({ tenant_id: z.uuid("Not a tenant id. It is a UUID.") }) },
  responses: { 200: jsonOf("The five services", wire.tenantStatus), ...refusals },
});

const readRun = createRoute({
  method: "get",
  path: "/services/runs/{id}",
  summary: "One run with its steps",
  security,
  request: { params: runId },
  responses: { 200: jsonOf("The run", wire.run), ...refusals },
});

const retry = createRoute({
  method: "post",
  path: "/services/runs/{id}/retry",
  summary: "Try again what failed of a run, from the failed step on",
  security,
  request: { params: runId },
  responses: { 202: accepted, ...refusals, ...failures("conflict") },
});

const cancel = createRoute({
  method: "post",
  path: "/services/runs/{id}/cancel",
  summary: "End a run: what is under way ends, and what the run itself made is undone",
  security,
  request: { params: runId },
  responses: { 202: accepted, ...refusals, ...failures("conflict") },
});

const matching = (verb: "retry" | "cancel", summary: string) =>
  createRoute({
    method: "post",
    path: `/services/runs/${verb}` as const,
    summary,
    security,
    request: { body: bodyOf(wire.matchingRequest) },
    responses: { 200: jsonOf("How many runs changed, and how many are left", wire.changedRuns), ...refusals },
  });
const retryMatching = matching("retry", "Try again the latest failures that match, at most 100 runs");
const cancelMatching = matching("cancel", "End the open runs that match, at most 100");

const reconcile = createRoute({
  method: "post",
  path: "/services/reconcile",
  summary:
    "Compare the services of a tenant, or of the next ten tenants, with their vendors, and repair them",
  security,
  request: { body: bodyOf(wire.reconcileRequest) },
  responses: { 200: jsonOf("What differs", wire.reconciliation), ...refusals },
});

const adopt = createRoute({
  method: "post",
  path: "/services/adopt",
  summary: "Record what a tenant already has at a vendor, after a look there; it is marked as the tenant's",
  security,
  request: { body: bodyOf(wire.adoptRequest) },
  responses: {
    200: jsonOf("As the vendor has it", wire.adoption),
    ...refusals,
    ...failures("conflict", "upstream_error", "upstream_timeout"),
  },
});

const remove = createRoute({
  method: "post",
  path: "/services/remove",
  summary: "Remove services of a tenant at their vendors, some time after its deletion",
  security,
  request: { body: bodyOf(wire.removeRequest) },
  responses: { 202: accepted, ...refusals, ...failures("conflict") },
});

/** The routes under `/services`, for the tenants of the assertion's subject. */
export function serviceRoutes(tenants: TenantReader, provisioning: Provisioning | undefined) {
  const routes = new OpenAPIHono<RequestContext>({ defaultHook: refuseInvalidInput });

  return routes
    .openapi(provision, async (context) => {
      requireCapability(context, "write");
      const { provisioner } = requireProvisioning(provisioning);
      const { tenant_id: id, services, requested_by, dry_run, create_new } = context.req.valid("json");
      const { userId } = principalOf(context);
      if (requested_by !== undefined && requested_by !== userId) throw notTheSubject();
      const tenant = await tenantOf(context, id);
      if (!tenant.active)
        throw new SmarterosError("conflict", "The tenant is deleted. Restore it before provisioning.");
      if (dry_run) {
        const steps = await provisioner.plan(id, inOrder(services), context.req.raw.signal);
        if (!steps) throw noSuchTenant();
        return context.json(
          { run_id: null, status: "planned" as const, steps: steps.map(serializePlannedStep) },
          200,
        );
      }
      if (create_new) await requireProvisioning(provisioning).store.releaseHolds(id, services);
      return context.json(await opened(context, id, services, "provision"), 202);
    })
    .openapi(adopt, async (context) => {
      requireCapability(context, "admin");
      const { tenant_id: id, service, external_id } = context.req.valid("json");
      await tenantOf(context, id);
      const { store, connectors } = requireProvisioning(provisioning);
      const tenant = await store.tenant(id);
      if (!tenant) throw noSuchTenant();
      const adoption = { tenant, vendor: service, externalId: external_id, signal: context.req.raw.signal };
      const resource = await adoptService({ store, connectors: connectors.configured }, adoption);
      const { name, state } = resource;
      return context.json({ tenant_id: id, service, external_id: String(resource.id), name, state }, 200);
    })
    .openapi(status, async (context) => {
      const { store, health } = requireProvisioning(provisioning);
      const { tenant_id: id } = context.req.valid("query");
      await tenantOf(context, id);
      const [standings, runs, seen] = await Promise.all([store.services(id), store.openRuns(id), health()]);
      const services = Object.fromEntries(
        standings.map((standing) => [standing.vendor, serializeService(standing, seen[standing.vendor])]),
      ) as z.output<typeof wire.tenantStatus>["services"];
      return context.json({ tenant_id: id, services, runs: runs.map(serializeRun) }, 200);
    })
    .openapi(readRun, async (context) => {
      return context.json(serializeRun(await runOf(context, context.req.valid("param").id)), 200);
    })
    .openapi(retry, async (context) => {
      requireCapability(context, "write");
      const { id } = await runOf(context, context.req.valid("param").id);
      const run = await requireProvisioning(provisioning).provisioner.retry(id);
      if (!run)
        throw new SmarterosError("conflict", "Nothing of this run failed, so nothing is to be tried.");
      return context.json(serializeRun(run), 202);
    })
    .openapi(cancel, async (context) => {
      requireCapability(context, "write");
      const { id } = await runOf(context, context.req.valid("param").id);
      const run = await requireProvisioning(provisioning).provisioner.cancel(id);
      if (!run) throw new SmarterosError("conflict", "This run is over: there is nothing to cancel.");
      return context.json(serializeRun(run), 202);
    })
    .openapi(retryMatching, async (context) => {
      requireCapability(context, "write");
      const { store } = requireProvisioning(provisioning);
      const { filter, dry_run: dryRun } = context.req.valid("json");
      return context.json(await store.retryMatching({ ...filter, owner: ownerOf(context), dryRun }), 200);
    })
    .openapi(cancelMatching, async (context) => {
      requireCapability(context, "write");
      const { store } = requireProvisioning(provisioning);
      const { filter, dry_run: dryRun } = context.req.valid("json");
      return context.json(await store.cancelMatching({ ...filter, owner: ownerOf(context), dryRun }), 200);
    })
    .openapi(reconcile, async (context) => {
      requireCapability(context, "write");
      const parts = requireProvisioning(provisioning);
      const { tenant_id: tenantId, service: vendor, repair, after } = context.req.valid("json");
      if (tenantId !== undefined) await tenantOf(context, tenantId);
      const request = { tenantId, vendor, repair, after, owner: ownerOf(context) };
      return context.json(await compareServices(parts, request, context.req.raw.signal), 200);
    })
    .openapi(remove, async (context) => {
      requireCapability(context, "admin");
      const { graceDays } = requireProvisioning(provisioning);
      const { tenant_id: id, services } = context.req.valid("json");
      const { active, deleted_at } = await tenantOf(context, id);
      if (active || deleted_at === null)
        throw new SmarterosError(
          "conflict",
          "The tenant is active. Delete it before its services are removed.",
        );
      const from = new Date(Date.parse(deleted_at) + graceDays * dayMs);
      if (from.getTime() > Date.now()) {
        const message = `Services may be removed ${graceDays} days after the deletion: from ${from.toISOString()} on.`;
        throw new SmarterosError("conflict", message);
      }
      return context.json(await opened(context, id, services, "remove"), 202);
    });

  async function opened(
    context: Context<RequestContext>,
    tenantId: string,
    services: z.output<typeof wire.services>,
    action: StepAction,
  ) {
    await refuseHeld(requireProvisioning(provisioning), tenantId, services);
    const run = await requireProvisioning(provisioning).provisioner.provision({
      tenantId,
      steps: inOrder(services).map((vendor) => ({ vendor, action })),
      requestedBy: principalOf(context).userId,
      requestId: context.get("requestId"),
    });
    if (!run) throw noSuchTenant();
    return serializeRun(run);
  }

  /** The owner whose tenants the principal sees; undefined is all. */
  function ownerOf(context: Context<RequestContext>): string | undefined {
    const { userId, seesAllTenants } = principalOf(context);
    return seesAllTenants ? undefined : userId;
  }

  async function tenantOf(context: Context<RequestContext>, id: string) {
    const tenant = await tenants.find(id, principalOf(context), context.req.raw.signal);
    if (!tenant) throw noSuchTenant();
    return tenant;
  }

  /** Resolves to the run. Rejects with `not_found` for a missing run and for a run of another user's tenant. */
  async function runOf(context: Context<RequestContext>, id: string) {
    const run = await requireProvisioning(provisioning).store.run(id);
    const tenant = run && (await tenants.find(run.tenantId, principalOf(context), context.req.raw.signal));
    if (!run || !tenant)
      throw new SmarterosError("not_found", "There is no such run among those of your tenants.");
    return run;
  }
}

function notTheSubject() {
  const message = "Must be the assertion's subject, or left out.";
  return new SmarterosError("invalid_input", `requested_by: ${message}`, {
    issues: [{ path: "requested_by", message }],
  });
}

const inOrder = (services: z.output<typeof wire.services>) =>
  vendors.filter((vendor) => services.includes(vendor));
