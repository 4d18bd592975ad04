import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createDemoTenant, demoName, demoTenant, listedTenants, resultOf, tenantOf } from "../demo-tenant.ts";
import { type Row, row } from "../row.ts";
import type { Target } from "../target.ts";
import { place } from "./server.ts";

const flags = ["crm", "bot", "erp", "workflows", "kpi"];
const write = { write: true } as const;

type Services = Record<string, { state: string }>;

/** Polls the services of a tenant until the given ones are ready or 30 s have passed. */
async function readyServices({ user }: Pick<Target, "user">, tenantId: string, wanted: string[]) {
  for (let attempt = 0; ; attempt += 1) {
    const { body } = await user.get(`/api/services?tenant=${tenantId}`);
    const services = (body.services ?? []) as { vendor: string; state: string }[];
    const ready = wanted.filter((name) =>
      services.some(({ vendor, state }) => vendor === name && state === "active"),
    );
    if (ready.length === wanted.length || attempt === 60) return ready;
    await sleep(500);
  }
}

export const toolRows: Row[] = [
  place(
    "tenant-tools-file",
    "packages/tools-tenants/src/tools/create.ts",
    "packages/tools-tenants/src/supabase.ts",
  ),
  row("tenants-list", async (target) => {
    const { tenants } = resultOf(await listedTenants(target)) as { tenants: { active: boolean }[] };
    assert.ok(tenants.every(({ active }) => active));
  }),
  row(
    "tenants-get",
    async (target) => {
      const { id, rut } = await demoTenant(target);
      const tenant = tenantOf(await target.user.call("tenants.get", { id }));
      assert.partialDeepStrictEqual(tenant, { id, rut, business_name: demoName, active: true });
      assert.ok("chatwoot_inbox_id" in tenant && "metabase_dashboard_id" in tenant);
    },
    write,
  ),
  row(
    "tenants-create",
    async (target) => {
      const { id, rut } = await demoTenant(target);
      assert.match(id, /^[0-9a-f-]{36}$/);
      const wrong = rut.slice(0, -1) + (rut.endsWith("0") ? "1" : "0");
      const { status, body } = await target.user.call("tenants.create", {
        rut: wrong,
        businessName: demoName,
      });
      assert.deepEqual([status, body.error, body.issues?.[0]?.path], [400, "invalid_input", "rut"]);
    },
    write,
  ),
  row(
    "tenants-update-services",
    async (target) => {
      const { id } = await demoTenant(target);
      // Switching a service on creates a resource at a vendor; on a deployment the check repeats the current state.
      const wanted = target.embedded ? { kpi: true } : { kpi: false };
      const tenant = tenantOf(await target.user.call("tenants.updateServices", { id, services: wanted }));
      assert.deepEqual(Object.keys(tenant.services_enabled as object).sort(), [...flags].sort());
      assert.partialDeepStrictEqual(tenant.services_enabled, { crm: false, ...wanted });
    },
    write,
  ),
  place(
    "proxy-tools-file",
    "packages/tools-fastapi/src/tools/get.ts",
    "packages/tools-fastapi/src/path-policy.ts",
  ),
  row("fastapi-get", async ({ user }) => {
    assert.equal(resultOf(await user.call("fastapi.get", { path: "/health" })).status, 200);
  }),
  row("fastapi-post", async ({ user }) => {
    const post = (body: object) => user.call("fastapi.post", { path: "/validate", body });
    assert.equal(resultOf(await post({ ping: true })).status, 200);
    const refused = await post({ ping: "no" });
    assert.deepEqual([refused.status, refused.body.issues?.[0]?.path], [400, "body.ping"]);
  }),
  row(
    "services-provision",
    async (target) => {
      const { id: tenantId } = await demoTenant(target);
      const services = ["chatwoot", "n8n"];
      const planned = resultOf(
        await target.user.call("services.provision", { tenantId, services, dryRun: true }),
      );
      assert.equal((planned.plan as unknown[]).length, 2);
      if (!target.embedded) return;
      const run = resultOf(await target.user.call("services.provision", { tenantId, services }));
      assert.match(String(run.runId), /^[0-9a-f-]{36}$/);
      assert.deepEqual(await readyServices(target, tenantId, services), services);
    },
    write,
  ),
  row(
    "services-status",
    async (target) => {
      const { id: tenantId } = await demoTenant(target);
      const { services } = resultOf(await target.user.call("services.status", { tenantId }));
      const vendors = ["botpress", "chatwoot", "metabase", "n8n", "odoo"];
      assert.deepEqual(Object.keys(services as Services).sort(), vendors);
    },
    write,
  ),
];

export const provisioningRows: Row[] = [
  row(
    "roadmap-provision",
    async (target) => {
      const { id: tenantId } = await demoTenant(target);
      const services = ["botpress", "chatwoot", "n8n", "odoo"];
      const planned = resultOf(
        await target.spareUser.call("services.provision", { tenantId, services, dryRun: true }),
      );
      assert.equal((planned.plan as unknown[]).length, 4);
    },
    write,
  ),
  row(
    "roadmap-delete",
    async ({ spareUser: user, afterwards }) => {
      const { id } = await createDemoTenant({ user, afterwards });
      const deleted = tenantOf(await user.call("tenants.delete", { id }));
      assert.partialDeepStrictEqual(deleted, { id, active: false });
    },
    write,
  ),
];

export const eventsRow: Row = row(
  "roadmap-events",
  async ({ spareUser: user, afterwards }) => {
    const { id } = await createDemoTenant({ user, afterwards }, { crm: true });
    assert.deepEqual(await readyServices({ user }, id, ["chatwoot"]), ["chatwoot"]);
  },
  {
    embedded: "it would create an inbox at a vendor: it is checked on the sandboxes of the embedded default",
  },
);
