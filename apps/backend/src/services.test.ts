import { type Vendor, vendors } from "@smarteros/connectors/vendors";
import type { Role } from "@smarteros/core";
import type * as wire from "@smarteros/tools-fastapi/provisioning";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type * as z from "zod";
import { asserted, embedded, newUser, startBackend, tenantsOf, until } from "./backend.fixture.ts";
import { startWithSandboxes } from "./provisioning.fixture.ts";

// Tests a running backend with its worker, the connectors, the vendors' sandboxes and the embedded database.

type Run = z.output<typeof wire.run>;
type Status = z.output<typeof wire.tenantStatus>;

const superuser = postgres(embedded.superuserUrl, { max: 1, onnotice: () => undefined });
let running: Awaited<ReturnType<typeof startWithSandboxes>>;
let backend: typeof running.backend;
let sandboxes: typeof running.sandboxes;

beforeAll(async () => {
  running = await startWithSandboxes();
  ({ backend, sandboxes } = running);
});
afterEach(() => running.clearFaults());
afterAll(async () => {
  await running.stop();
  await superuser.end();
});

async function send<Body = Record<string, unknown>>(
  method: string,
  path: string,
  { as, role, body }: { as: string; role?: Role; body?: object },
) {
  const headers = await asserted(backend.url, as, role);
  const response = await fetch(backend.url + path, {
    method,
    headers: { ...headers, ...(body ? { "Content-Type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

const provision = (as: string, id: string, services: readonly Vendor[] = vendors, more: object = {}) =>
  send<Run>("POST", "/services/provision", { as, body: { tenant_id: id, services, ...more } });
const statusOf = async (as: string, id: string) =>
  (await send<Status>("GET", `/services/status?tenant_id=${id}`, { as })).body;
const runOf = async (as: string, id: string) => (await send<Run>("GET", `/services/runs/${id}`, { as })).body;
const ended = (as: string, id: string) =>
  until(async () => {
    const run = await runOf(as, id);
    expect(["queued", "running"]).not.toContain(run.status);
    return run;
  });
const held = (vendor: Vendor, tenantId: string) =>
  sandboxes.vendors[vendor].resources().filter((resource) => resource.tenantId === tenantId);

/** Creates a user with a tenant. */
async function newTenant(services = {}) {
  const user = newUser();
  const tenants = await tenantsOf(user);
  const { id } = await tenants.create(`Demo ${crypto.randomUUID().slice(0, 8)}`, services);
  return { user, id, tenants };
}

describe("provisioning", () => {
  it("responds immediately with a run, the same one while it is open, and provisions all services", async () => {
    const { user, id, tenants } = await newTenant();
    const [first, second] = await Promise.all([provision(user, id), provision(user, id)]);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body.run_id).toBe(first.body.run_id);
    expect(first.body.requested_by).toBe(user);
    const run = await ended(user, first.body.run_id);
    expect(run).toMatchObject({ status: "succeeded", steps: vendors.map((service) => ({ service })) });
    for (const step of run.steps) expect(step).toMatchObject({ created: true, error: null, attempts: 1 });
    const recorded = await tenants.find(id);
    expect(run.steps.map(({ external_id }) => external_id)).toEqual(
      [
        recorded?.chatwoot_inbox_id,
        recorded?.botpress_workspace_id,
        recorded?.odoo_company_id,
        recorded?.n8n_project_id,
        recorded?.metabase_dashboard_id,
      ].map(String),
    );
    const status = await statusOf(user, id);
    expect(status.runs).toEqual([]);
    for (const vendor of vendors)
      expect(status.services[vendor]).toMatchObject({
        state: "active",
        external_id: run.steps.find(({ service }) => service === vendor)?.external_id,
        health: { process: { ok: true }, access: { ok: true } },
      });
  });

  it("reports on a dry run what exists and what would be created, and creates nothing", async () => {
    const { user, id } = await newTenant();
    await ended(user, (await provision(user, id, ["odoo"])).body.run_id);
    sandboxes.vendors.metabase.faults.add({ fault: "unauthorized", times: null });
    const plan = await provision(user, id, vendors, { dry_run: true });
    expect(plan).toMatchObject({ status: 200, body: { run_id: null, status: "planned" } });
    const outcomes = plan.body.steps.map((step) => [step.service, "outcome" in step && step.outcome]);
    expect(outcomes).toEqual([
      ["chatwoot", "create"],
      ["botpress", "create"],
      ["odoo", "none"],
      ["n8n", "create"],
      ["metabase", "blocked"],
    ]);
    expect(plan.body.steps[4]).toMatchObject({ error: { kind: "auth", remedy: "check_credential" } });
    expect(held("chatwoot", id)).toEqual([]);
    expect((await statusOf(user, id)).services.chatwoot?.state).toBe("absent");
  });

  it("completes the other vendors when one fails, reports the cause, and completes it on a retry", async () => {
    const { user, id } = await newTenant();
    sandboxes.vendors.metabase.faults.add({ fault: "forbidden", times: null });
    const { run_id } = (await provision(user, id)).body;
    const partial = await ended(user, run_id);
    expect(partial.status).toBe("partial");
    expect(partial.steps[4]).toMatchObject({ state: "failed", error: { kind: "forbidden" } });
    expect((await statusOf(user, id)).services.metabase).toMatchObject({
      state: "absent",
      wanted: false,
    });
    sandboxes.vendors.metabase.faults.clear();
    const retried = await send<Run>("POST", `/services/runs/${run_id}/retry`, { as: user });
    expect(retried.status).toBe(202);
    const run = await ended(user, run_id);
    expect(run.status).toBe("succeeded");
    // A retry by a person has all attempts again.
    expect(run.steps.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1]);
    expect(await send("POST", `/services/runs/${run_id}/retry`, { as: user })).toMatchObject({
      status: 409,
      body: { error: "conflict" },
    });
  });

  it("removes on cancelling what the run created", async () => {
    const { user, id } = await newTenant();
    sandboxes.vendors.n8n.faults.add({ fault: "bad_gateway", times: null });
    const { run_id } = (await provision(user, id, ["odoo", "n8n"])).body;
    await until(async () =>
      expect((await runOf(user, run_id)).steps.map(({ state }) => state)).toEqual(["succeeded", "waiting"]),
    );
    expect((await send("POST", `/services/runs/${run_id}/cancel`, { as: user })).status).toBe(202);
    await until(async () =>
      expect((await runOf(user, run_id)).steps.map(({ state }) => state)).toEqual(["undone", "cancelled"]),
    );
    expect(held("odoo", id)).toEqual([]);
    expect((await send("POST", `/services/runs/${run_id}/cancel`, { as: user })).status).toBe(409);
  });
});

describe("a tenant's flags", () => {
  it("provision a service when turned on, disable it when turned off, and enable it again", async () => {
    const { user, id, tenants } = await newTenant({ erp: true, crm: true });
    const states = async () => {
      const { services } = await statusOf(user, id);
      return [services.chatwoot?.state, services.odoo?.state, services.n8n?.state];
    };
    await until(async () => expect(await states()).toEqual(["active", "active", "absent"]));
    await tenants.switch(id, { erp: false, crm: false });
    await until(async () => expect(await states()).toEqual(["unsupported", "disabled", "absent"]));
    expect(held("odoo", id)).toMatchObject([{ active: false }]);
    await tenants.switch(id, { erp: true });
    await until(async () => expect(await states()).toEqual(["unsupported", "active", "absent"]));
    expect(held("odoo", id)).toMatchObject([{ active: true }]);
  });

  it("have no effect on a deleted tenant; deprovisioning disables, restoring enables, removing waits", async () => {
    const { user, id, tenants } = await newTenant({ erp: true });
    const state = async () => (await statusOf(user, id)).services.odoo?.state;
    await until(async () => expect(await state()).toBe("active"));
    await tenants.remove(id, true);
    await until(async () => expect(await state()).toBe("disabled"));
    expect(await provision(user, id)).toMatchObject({ status: 409, body: { error: "conflict" } });
    await tenants.restore(id);
    await until(async () => expect(await state()).toBe("active"));

    const removal = { as: user, role: "admin" as const, body: { tenant_id: id, services: ["odoo"] } };
    expect(await send("POST", "/services/remove", removal)).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining("active") },
    });
    await tenants.remove(id);
    expect(await send("POST", "/services/remove", removal)).toMatchObject({
      status: 409,
      body: { message: expect.stringMatching(/30 days .* from \d{4}-/) },
    });
    expect(held("odoo", id)).toHaveLength(1);
    await superuser`update public.tenants set deleted_at = now() - interval '30 days 1 minute' where id = ${id}`;
    expect(await send("POST", "/services/remove", { ...removal, role: "operator" })).toMatchObject({
      status: 403,
      body: { required: "admin" },
    });
    const removed = await send<Run>("POST", "/services/remove", removal);
    expect(removed.status).toBe(202);
    expect((await ended(user, removed.body.run_id)).status).toBe("succeeded");
    expect(held("odoo", id)).toEqual([]);
    expect((await statusOf(user, id)).services.odoo).toMatchObject({ state: "absent", external_id: null });
  });
});

describe("a tenant from an earlier release", () => {
  /** Creates a tenant with all services held and a company at Odoo that a person created. */
  async function taken(services = {}) {
    const made = await newTenant();
    await superuser`insert into public.provision_holds (tenant_id, vendor)
      select ${made.id}, v from unnest(${superuser.array([...vendors])}::text[]) v`;
    await made.tenants.switch(made.id, services);
    const company = await fetch(`${sandboxes.settings.ODOO_URL}/json/2/res.company/create`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `bearer ${sandboxes.settings.ODOO_API_KEY}`,
      },
      body: JSON.stringify({ vals_list: [{ name: `Own ${crypto.randomUUID()}` }] }),
    });
    const [externalId] = (await company.json()) as [number];
    return { ...made, externalId: String(externalId) };
  }
  const adopt = (
    as: string,
    id: string,
    external_id: string,
    role: Role = "admin",
    service: Vendor = "odoo",
  ) =>
    send<{ name: string }>("POST", "/services/adopt", {
      as,
      role,
      body: { tenant_id: id, service, external_id },
    });

  it("gets no resource at a vendor, regardless of its flags, and a run is refused", async () => {
    const { user, id } = await taken({ erp: true, crm: true });
    await until(async () => {
      const [open] = await superuser`
        select count(*)::int as events from public.tenant_events where tenant_id = ${id} and processed_at is null`;
      expect(open).toEqual({ events: 0 });
    });
    expect((await statusOf(user, id)).services.odoo).toMatchObject({
      held: true,
      wanted: true,
      state: "absent",
    });
    expect(await provision(user, id, ["odoo", "n8n"])).toMatchObject({
      status: 409,
      body: { error: "conflict", message: expect.stringContaining("Held since the upgrade: odoo, n8n") },
    });
    for (const vendor of vendors) expect(held(vendor, id)).toEqual([]);
  });

  it("adopts a resource by its id, which is marked at the vendor and found by provisioning", async () => {
    const { user, id, tenants, externalId } = await taken({ erp: true });
    expect(await adopt(user, id, externalId, "operator")).toMatchObject({
      status: 403,
      body: { required: "admin" },
    });
    expect(await adopt(newUser(), id, externalId)).toMatchObject({ status: 200 });
    expect((await tenants.find(id))?.odoo_company_id).toBe(Number(externalId));
    expect(held("odoo", id)).toMatchObject([{ id: externalId }]);
    expect((await statusOf(user, id)).services.odoo).toMatchObject({ held: false, external_id: externalId });
    expect((await statusOf(user, id)).services.n8n).toMatchObject({ held: true });
    const run = await ended(user, (await provision(user, id, ["odoo"])).body.run_id);
    expect(run.steps).toMatchObject([{ state: "succeeded", created: false, external_id: externalId }]);
    expect(held("odoo", id)).toHaveLength(1);
  });

  it("cannot adopt a resource of another tenant, a missing one or an id of another form", async () => {
    const [one, other] = await Promise.all([taken(), taken()]);
    await adopt(one.user, one.id, one.externalId);
    expect(await adopt(other.user, other.id, one.externalId)).toMatchObject({ status: 409 });
    expect(await adopt(other.user, other.id, "999999")).toMatchObject({ status: 404 });
    expect(await adopt(other.user, other.id, "tag:1")).toMatchObject({
      status: 400,
      body: { error: "invalid_input" },
    });
    // Recorded for another tenant, which has not adopted it yet.
    await superuser`update public.tenants set odoo_company_id = ${Number(other.externalId)} where id = ${other.id}`;
    const third = await taken();
    expect(await adopt(third.user, third.id, other.externalId)).toMatchObject({ status: 409 });
    expect(held("odoo", third.id)).toEqual([]);
    expect((await statusOf(other.user, other.id)).services.odoo).toMatchObject({ held: true });
  });

  it("gets a new resource on request", async () => {
    const { user, id } = await taken();
    const { status, body } = await provision(user, id, ["odoo"], { create_new: true });
    expect(status).toBe(202);
    expect((await ended(user, body.run_id)).steps).toMatchObject([{ state: "succeeded", created: true }]);
    expect((await statusOf(user, id)).services.odoo).toMatchObject({ held: false, state: "active" });
  });
});

describe("another user", () => {
  it("gets the response for a missing tenant or run", async () => {
    const { user, id } = await newTenant();
    const { run_id } = (await provision(user, id, ["odoo"])).body;
    await ended(user, run_id);
    const other = newUser();
    const missingId = crypto.randomUUID();
    const same = async (
      method: string,
      path: (id: string) => string,
      [theirs, none]: [string, string],
      body?: (id: string) => object,
    ) => {
      const [foreign, missing] = await Promise.all(
        [theirs, none].map((one) =>
          send(method, path(one), { as: other, ...(body ? { body: body(one) } : {}) }),
        ),
      );
      expect(foreign?.status).toBe(404);
      expect({ ...foreign?.body, meta: 0 }).toEqual({ ...missing?.body, meta: 0 });
    };
    await same("GET", (one) => `/services/status?tenant_id=${one}`, [id, missingId]);
    await same("GET", (one) => `/odoo/company?tenant_id=${one}`, [id, missingId]);
    await same(
      "POST",
      () => "/services/provision",
      [id, missingId],
      (one) => ({ tenant_id: one, services: ["odoo"] }),
    );
    await same("GET", (one) => `/services/runs/${one}`, [run_id, missingId]);
    await same("POST", (one) => `/services/runs/${one}/retry`, [run_id, missingId]);
    await same("POST", (one) => `/services/runs/${one}/cancel`, [run_id, missingId]);
    await same(
      "POST",
      () => "/n8n/workflow",
      [id, missingId],
      (one) => ({ tenant_id: one, workflow: "events", delivery_id: "1" }),
    );
    expect((await send("GET", `/services/runs/${run_id}`, { as: other, role: "admin" })).status).toBe(200);
  });

  it("without write starts nothing, and requested_by must be the subject", async () => {
    const { user, id } = await newTenant();
    const body = { tenant_id: id, services: ["odoo"] };
    for (const role of ["viewer", "auditor"] as const)
      expect(await send("POST", "/services/provision", { as: user, role, body })).toMatchObject({
        status: 403,
        body: { error: "forbidden", required: "write" },
      });
    expect(await provision(user, id, ["odoo"], { requested_by: "user_other" })).toMatchObject({
      status: 400,
      body: { issues: [{ path: "requested_by" }] },
    });
    expect((await fetch(`${backend.url}/services/status?tenant_id=${id}`)).status).toBe(401);
  });

  it.each([
    [{ services: [] }, "services"],
    [{ services: ["sap"] }, "services.0"],
    [{ services: ["odoo", "odoo"] }, "services"],
    [{ services: ["odoo"], tenant_id: "1" }, "tenant_id"],
    [{ services: ["odoo"], force: true }, "force"],
  ])("names the invalid field: %o", async (body, path) => {
    const response = await send("POST", "/services/provision", {
      as: newUser(),
      body: { tenant_id: crypto.randomUUID(), ...body },
    });
    expect(response).toMatchObject({ status: 400, body: { error: "invalid_input", issues: [{ path }] } });
  });
});

describe("a tenant's resource at a vendor", () => {
  it("is read at the vendor by the recorded id and only with the tenant's mark", async () => {
    const { user, id } = await newTenant();
    const run = await ended(user, (await provision(user, id)).body.run_id);
    const paths = [
      "/chatwoot/inbox",
      "/botpress/workspace",
      "/odoo/company",
      "/n8n/workflow",
      "/metabase/dashboard",
    ];
    const responses = await Promise.all(
      paths.map((path) => send("GET", `${path}?tenant_id=${id}`, { as: user })),
    );
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(responses.map(({ body }) => body.external_id)).toEqual(
      run.steps.map(({ external_id }) => external_id),
    );
  });

  it("is never another tenant's, regardless of the recorded id", async () => {
    const [mine, other] = await Promise.all([newTenant(), newTenant()]);
    const theirs = await ended(other.user, (await provision(other.user, other.id, ["odoo"])).body.run_id);
    await superuser`update public.tenants set odoo_company_id = ${Number(theirs.steps[0]?.external_id)} where id = ${mine.id}`;
    const response = await send("GET", `/odoo/company?tenant_id=${mine.id}`, { as: mine.user });
    expect(response).toMatchObject({ status: 409, body: { error: "conflict" } });
    expect(JSON.stringify(response.body)).not.toContain("Demo");
  });

  it("is reported as drift when missing or changed, and repaired by provisioning", async () => {
    const { user, id } = await newTenant({ erp: true, kpi: true });
    const services = async () => (await statusOf(user, id)).services;
    await until(async () => expect((await services()).metabase?.state).toBe("active"));
    await until(async () => expect((await services()).odoo?.state).toBe("active"));
    const { odoo, metabase } = sandboxes.vendors;
    const [company] = held("odoo", id);
    await vendorCall(odoo.url, "/json/2/res.company/unlink", { ids: [Number(company?.id)] });
    const dashboard = (await services()).metabase?.external_id;
    await vendorCall(metabase.url, `/api/dashboard/${dashboard}`, { archived: true }, "PUT");
    await backend.reconcile();
    expect(await services()).toMatchObject({
      odoo: { drift: { kind: "missing" } },
      metabase: { drift: { kind: "disabled" } },
    });
    await ended(user, (await provision(user, id, ["odoo", "metabase"])).body.run_id);
    expect(await services()).toMatchObject({
      odoo: { state: "active", drift: null },
      metabase: { state: "active", drift: null },
    });
    await backend.reconcile();
    expect((await services()).odoo?.drift).toBeNull();
  });
});

describe("a tenant's workflow", () => {
  it("can be called if provisioning created it, and no other", async () => {
    const { user, id } = await newTenant();
    await ended(user, (await provision(user, id, ["n8n"])).body.run_id);
    const [made] = await superuser<{ workflow: string; path: string }[]>`
      select workflow, path from public.n8n_webhooks where tenant_id = ${id} and removed_at is null`;
    const call = (workflow: string) =>
      send("POST", "/n8n/workflow", {
        as: user,
        body: { tenant_id: id, workflow, payload: { order: 7 }, delivery_id: "d1" },
      });
    expect(await call(made?.workflow ?? "")).toMatchObject({
      status: 200,
      body: { status: 200, delivery_id: "d1" },
    });
    expect(await call("orders")).toMatchObject({ status: 404, body: { error: "not_found" } });
    sandboxes.vendors.n8n.faults.add({ fault: "error" });
    expect(await call(made?.workflow ?? "")).toMatchObject({ status: 200, body: { status: 500 } });
    sandboxes.vendors.n8n.faults.add({ fault: "cut", path: "/webhook/" });
    expect(await call(made?.workflow ?? "")).toMatchObject({
      status: 502,
      body: { error: "upstream_error", service: "n8n", message: expect.stringContaining("may have run") },
    });

    const register = (role: Role, path: string) =>
      send("PUT", "/n8n/workflow", { as: user, role, body: { tenant_id: id, workflow: "orders", path } });
    expect((await register("operator", "orders/1")).status).toBe(403);
    expect(await register("admin", made?.path ?? "")).toMatchObject({ status: 409 });
    expect(await register("admin", "../rest/users")).toMatchObject({
      status: 400,
      body: { issues: [{ path: "path" }] },
    });
    expect(await register("admin", `orders/${id}`)).toMatchObject({
      status: 200,
      body: { workflow: "orders", registered_by: user },
    });
    // Registered, but missing at n8n.
    expect(await call("orders")).toMatchObject({ status: 404 });
  });
});

it("a backend without a vendor only reads and responds unavailable", async () => {
  const reading = await startBackend();
  const headers = await asserted(reading.url, newUser());
  const response = await fetch(`${reading.url}/services/status?tenant_id=${crypto.randomUUID()}`, {
    headers,
  });
  expect([response.status, await response.json()]).toEqual([
    503,
    expect.objectContaining({ error: "unavailable", message: expect.stringContaining("no vendor") }),
  ]);
  expect((await fetch(`${reading.url}/services/status`)).status).toBe(401);
  await reading.stop();
});

/** Calls a vendor directly. */
async function vendorCall(url: string, path: string, body: object, method = "POST") {
  const { settings } = sandboxes;
  const response = await fetch(url + path, {
    method,
    headers: {
      "Content-Type": "application/json",
      Authorization: `bearer ${settings.ODOO_API_KEY}`,
      "x-api-key": settings.METABASE_API_KEY ?? "",
    },
    body: JSON.stringify(body),
  });
  expect(response.ok, await response.text()).toBe(true);
}
