import { createCatalog, createPipeline, createPrincipal, type Role, uuidv7 } from "@smarteros/core";
import {
  type BackendPorts,
  createBackendTools,
  type ProvisioningPorts,
  provisioningTools,
} from "@smarteros/tools-fastapi";
import { createBackend } from "@smarteros/tools-fastapi/backend-client";
import { httpProvisioning } from "@smarteros/tools-fastapi/http-provisioning";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { embedded, newUser, secret, tenantsOf, until } from "./backend.fixture.ts";
import { startWithSandboxes } from "./provisioning.fixture.ts";

// Calls the tools against a running backend, which verifies the protocol between them.

type Run = { runId: string; status: string; steps: { state: string }[] };
type Shown = Partial<Run> & {
  plan?: object[];
  services?: Record<string, { state: string; externalId: string | null }>;
  deliveryId?: string;
};

const superuser = postgres(embedded.superuserUrl, { max: 1, onnotice: () => undefined });
const limit = { allowed: true, limit: 30, remaining: 29, resetMs: 60_000 };
let running: Awaited<ReturnType<typeof startWithSandboxes>>;
let backend: typeof running.backend;
let sandboxes: typeof running.sandboxes;
type Ports = BackendPorts & ProvisioningPorts;
let ports: Ports;

beforeAll(async () => {
  running = await startWithSandboxes();
  ({ backend, sandboxes } = running);
  const http = createBackend({ url: backend.url, secret });
  ports = { backend: http, provisioning: httpProvisioning(http) };
});
afterEach(() => running.clearFaults());
afterAll(async () => {
  await running.stop();
  await superuser.end();
});

const pipeline = createPipeline<Ports>({
  enabled: true,
  catalog: createCatalog<Ports>([...createBackendTools(), ...provisioningTools]),
  limiter: { consume: async () => limit, peek: async () => limit },
  recorder: { record: async () => undefined, limited: async () => undefined, intend: async () => undefined },
});

/** Resolves to the result of a tool's call, or its error with code and details. */
async function call(
  user: string,
  name: string,
  args: object,
  role: Role = "operator",
  through = ports,
): Promise<Shown> {
  const principal = createPrincipal(user, role);
  const outcome = await pipeline.invoke({
    name,
    args,
    principal,
    ports: through,
    transport: "http",
    requestId: uuidv7(),
  });
  if (outcome.ok) return outcome.result as Shown;
  const { code, message, details } = outcome.error;
  return { ...details, error: code, message } as Shown;
}

async function newTenant() {
  const user = newUser();
  const tenants = await tenantsOf(user);
  const { id } = await tenants.create(`Demo ${crypto.randomUUID().slice(0, 8)}`);
  return { user, id, tenants };
}
const stateOf = async (user: string, tenantId: string, service: string) =>
  (await call(user, "services.status", { tenantId })).services?.[service]?.state;

describe("the tools with a running backend", () => {
  it("plan, provision, show, retry and cancel", async () => {
    const { user, id: tenantId } = await newTenant();
    const services = ["odoo", "n8n"];
    expect(await call(user, "services.provision", { tenantId, services, dryRun: true })).toMatchObject({
      runId: null,
      status: "planned",
      steps: [],
      plan: [
        { service: "odoo", outcome: "create", externalId: null, missingSettings: [] },
        { service: "n8n", outcome: "create" },
      ],
    });

    sandboxes.vendors.n8n.faults.add({ fault: "forbidden", times: null });
    const { runId } = await call(user, "services.provision", { tenantId, services });
    await until(async () => expect(await stateOf(user, tenantId, "n8n")).toBe("absent"));
    await until(async () => expect(await stateOf(user, tenantId, "odoo")).toBe("active"));
    sandboxes.vendors.n8n.faults.clear();
    await until(async () =>
      expect(await call(user, "services.retry", { runId })).toMatchObject({ runId, tenantId }),
    );
    await until(async () => expect(await stateOf(user, tenantId, "n8n")).toBe("active"));
    expect(await call(user, "services.cancel", { runId })).toMatchObject({ error: "conflict" });

    sandboxes.vendors.metabase.faults.add({ fault: "bad_gateway", times: null });
    const further = await call(user, "services.provision", { tenantId, services: ["metabase"] });
    expect(await call(user, "services.cancel", { runId: further.runId })).toMatchObject({
      runId: further.runId,
      steps: [{ service: "metabase" }],
    });
    await until(async () => {
      const { runs } = (await call(user, "services.status", { tenantId })) as { runs?: object[] };
      expect(runs).toEqual([]);
    });
  });

  it("call the workflow registered by provisioning and register others", async () => {
    const { user, id: tenantId } = await newTenant();
    await call(user, "services.provision", { tenantId, services: ["n8n"] });
    await until(async () => expect(await stateOf(user, tenantId, "n8n")).toBe("active"));
    const [made] = await superuser<{ workflow: string }[]>`
      select workflow from public.n8n_webhooks where tenant_id = ${tenantId}`;
    const trigger = { tenantId, workflow: made?.workflow, payload: { order_id: 7 } };
    expect(await call(user, "n8n.trigger", trigger)).toMatchObject({
      status: 200,
      deliveryId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await call(user, "n8n.trigger", { ...trigger, workflow: "unknown" })).toMatchObject({
      error: "not_found",
    });
    sandboxes.vendors.n8n.faults.add({ fault: "error" });
    expect(await call(user, "n8n.trigger", { ...trigger, deliveryId: "mine" })).toMatchObject({
      status: 500,
      data: { message: "Internal server error" },
      deliveryId: "mine",
    });
    sandboxes.vendors.n8n.faults.add({ fault: "reset_after_commit", path: "/webhook/" });
    expect(await call(user, "n8n.trigger", trigger)).toMatchObject({
      error: "upstream_error",
      service: "n8n",
      message: expect.stringContaining("may have run"),
    });
    const [workflow] = sandboxes.vendors.n8n
      .resources()
      .filter((resource) => resource.tenantId === tenantId && resource.kind === "workflow");
    const { N8N_URL, N8N_API_KEY } = sandboxes.settings;
    await fetch(`${N8N_URL}/api/v1/workflows/${workflow?.id}/deactivate`, {
      method: "POST",
      headers: { "X-N8N-API-KEY": `${N8N_API_KEY}` },
    });
    await until(async () =>
      expect(await call(user, "n8n.trigger", trigger)).toMatchObject({
        error: "conflict",
        message: expect.stringContaining("switched off"),
      }),
    );
    const registered = { tenantId, workflow: "orders", path: `orders/${tenantId}` };
    expect(await call(user, "n8n.register", registered, "admin")).toMatchObject({
      ...registered,
      registeredBy: user,
    });
  });

  it("send the largest payload that they accept", async () => {
    const { user, id: tenantId } = await newTenant();
    const text = "x".repeat(61_440 - '{"text":""}'.length);
    expect(
      await call(user, "n8n.trigger", { tenantId, workflow: "a".repeat(64), payload: { text } }),
    ).toMatchObject({ error: "not_found" });
  });

  it("read a resource at its vendor and name a failing vendor", async () => {
    const { user, id: tenantId } = await newTenant();
    await call(user, "services.provision", { tenantId, services: ["odoo"] });
    await until(async () => expect(await stateOf(user, tenantId, "odoo")).toBe("active"));
    const read = { path: "/odoo/company", query: { tenant_id: tenantId } };
    expect(await call(user, "fastapi.get", read)).toMatchObject({ status: 200, data: { state: "active" } });
    sandboxes.vendors.odoo.faults.add({ fault: "unauthorized", times: null });
    expect(await call(user, "fastapi.get", read)).toMatchObject({ error: "upstream_error", service: "odoo" });
  });

  it("respect the grace period", async () => {
    const { user, id: tenantId, tenants } = await newTenant();
    await tenants.remove(tenantId);
    const removal = { tenantId, services: ["odoo"] };
    expect(await call(user, "services.remove", removal, "admin")).toMatchObject({
      error: "conflict",
      message: expect.stringMatching(/30 days .* from \d{4}-/),
    });
    await superuser`update public.tenants set deleted_at = now() - interval '31 days' where id = ${tenantId}`;
    expect(await call(user, "services.remove", removal, "admin")).toMatchObject({ tenantId });
  });

  it("respond for another user's tenant as for a missing one", async () => {
    const { user, id: tenantId } = await newTenant();
    const { runId } = await call(user, "services.provision", { tenantId, services: ["odoo"] });
    const other = newUser();
    const calls = (tenant: string, run: string | undefined) =>
      [
        ["services.status", { tenantId: tenant }],
        ["services.provision", { tenantId: tenant, services: ["odoo"] }],
        ["services.provision", { tenantId: tenant, services: ["odoo"], dryRun: true }],
        ["services.retry", { runId: run }],
        ["services.cancel", { runId: run }],
        ["n8n.trigger", { tenantId: tenant, workflow: "events" }],
      ] as const;
    const tell = (given: ReturnType<typeof calls>) =>
      Promise.all(given.map(([name, args]) => call(other, name, args)));
    const [foreign, missing] = await Promise.all([
      tell(calls(tenantId, runId)),
      tell(calls(crypto.randomUUID(), crypto.randomUUID())),
    ]);
    expect(foreign).toEqual(missing);
    for (const result of foreign) expect(result).toMatchObject({ error: "not_found" });
  });

  it("report an upstream error when the secrets differ", async () => {
    const unlike = createBackend({ url: backend.url, secret: "another secret, of more than 32 characters" });
    const args = { tenantId: crypto.randomUUID() };
    const through = { ...ports, provisioning: httpProvisioning(unlike) };
    const result = await call(newUser(), "services.status", args, "operator", through);
    expect(result).toMatchObject({ error: "upstream_error", upstreamStatus: 401 });
    expect(JSON.stringify(result)).toContain("FASTAPI_SECRET");
  });
});
