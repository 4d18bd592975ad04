import { vendors } from "@smarteros/connectors";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { eventsOf, newSystemDatabase, newTenant, store, switchService } from "./database.fixture.ts";
import type { Run } from "./ports.ts";
import { type Provisioner, startProvisioner } from "./provisioner.ts";
import { connectorsTo, startVendors } from "./vendors.fixture.ts";

let sandbox: Awaited<ReturnType<typeof startVendors>>;
let provisioner: Provisioner;
const logger = { info: () => undefined, error: () => undefined };

beforeAll(async () => {
  sandbox = await startVendors();
  provisioner = await startProvisioner({
    store,
    connectors: { configured: connectorsTo(sandbox.url), missing: {} },
    systemDatabaseUrl: await newSystemDatabase(),
    logger,
    retries: { attempts: 3, firstDelayMs: 200, longestDelayMs: 400 },
    deadlineMs: 2_000,
    eventsEveryMs: 100,
  });
});

afterAll(async () => {
  await provisioner.stop();
  await sandbox.stop();
});

const all = vendors.map((vendor) => ({ vendor, action: "provision" as const }));
const open = async (tenantId: string, steps = all): Promise<Run> => {
  const run = await provisioner.provision({ tenantId, steps, requestedBy: "user_test" });
  if (!run) throw new Error("no run");
  return run;
};
const ended = (id: string) =>
  vi.waitFor(
    async () => {
      const run = await store.run(id);
      if (!run || run.state === "queued" || run.state === "running") throw new Error(`still ${run?.state}`);
      return run;
    },
    { timeout: 20_000, interval: 50 },
  );
const callsOf = (tenantId: string, vendor: string) =>
  sandbox.calls.filter((call) => call.startsWith(`${tenantId} ${vendor} `)).map((call) => call.split(" ")[2]);

test("five services come into being once, and their ids stand on the tenant", async () => {
  const tenant = await newTenant();
  const run = await open(tenant);
  expect((await open(tenant)).id).toBe(run.id);
  expect(await ended(run.id)).toMatchObject({ state: "succeeded" });
  expect(sandbox.of(tenant).sort()).toEqual([...vendors].sort());
  const { externalIds } = (await store.tenant(tenant))!;
  expect(Object.values(externalIds).every((id) => id !== null)).toBe(true);

  const again = await ended((await open(tenant)).id);
  expect(again.id).not.toBe(run.id);
  expect(again).toMatchObject({ state: "succeeded", steps: vendors.map(() => ({ created: false })) });
  expect(sandbox.of(tenant)).toHaveLength(5);
});

test("what passes is tried again by itself, and a lost answer makes nothing twice", async () => {
  const tenant = await newTenant();
  sandbox.fail("odoo", "find", { kind: "unavailable" }, { kind: "rate_limited" });
  sandbox.fail("n8n", "create", { kind: "unavailable", afterCommit: true });
  const run = await ended((await open(tenant)).id);
  expect(run.state).toBe("succeeded");
  const attempts = Object.fromEntries(run.steps.map((step) => [step.vendor, step.attempts]));
  expect(attempts).toEqual({ chatwoot: 1, botpress: 1, odoo: 3, n8n: 2, metabase: 1 });
  expect(sandbox.of(tenant).sort()).toEqual([...vendors].sort());
});

test("one vendor's failure leaves the others finished; mended, it goes on from there", async () => {
  const tenant = await newTenant();
  sandbox.fail("metabase", "find", { kind: "auth" });
  const { id } = await open(tenant);
  const run = await ended(id);
  expect(run.state).toBe("partial");
  expect(run.steps.find(({ vendor }) => vendor === "metabase")).toMatchObject({
    state: "failed",
    attempts: 1,
  });
  const before = callsOf(tenant, "odoo");
  const retried = await Promise.all([provisioner.retry(id), provisioner.retry(id)]);
  expect(retried.filter(Boolean)).toHaveLength(1);
  expect((await ended(id)).state).toBe("succeeded");
  expect(callsOf(tenant, "odoo")).toEqual(before);
  expect(await provisioner.retry(id)).toBeUndefined();
  expect(sandbox.of(tenant)).toHaveLength(5);
});

test("it gives up after as many attempts as the policy has", async () => {
  const tenant = await newTenant();
  sandbox.fail("odoo", "find", ...Array.from({ length: 9 }, () => ({ kind: "unavailable" as const })));
  const run = await ended((await open(tenant, [{ vendor: "odoo", action: "provision" }])).id);
  sandbox.fail("odoo", "find");
  expect(run).toMatchObject({ state: "failed", steps: [{ state: "failed", attempts: 3 }] });
});

test("cancelling ends the waiting at once and undoes what the run made, and only that", async () => {
  const tenant = await newTenant();
  await ended((await open(tenant, [{ vendor: "chatwoot", action: "provision" }])).id);
  sandbox.fail("metabase", "find", ...Array.from({ length: 9 }, () => ({ kind: "unavailable" as const })));
  const { id } = await open(tenant);
  await vi.waitFor(async () => {
    const run = await store.run(id);
    expect(run?.steps.map(({ state }) => state)).toEqual([...Array(4).fill("succeeded"), "waiting"]);
  }, 10_000);
  expect(await provisioner.cancel(id)).toMatchObject({ state: "cancelled" });
  sandbox.fail("metabase", "find");
  await vi.waitFor(async () => {
    const run = await store.run(id);
    expect(run?.steps.map(({ vendor, state }) => `${vendor} ${state}`)).toEqual([
      "chatwoot succeeded",
      "botpress undone",
      "odoo undone",
      "n8n undone",
      "metabase cancelled",
    ]);
  }, 10_000);
  expect(sandbox.of(tenant)).toEqual(["chatwoot"]);
  const removals = sandbox.calls.filter((call) => call.startsWith(tenant) && call.endsWith("remove"));
  expect(removals.map((call) => call.split(" ")[1])).toEqual(["n8n", "odoo", "botpress"]);
  expect(await provisioner.cancel(id)).toBeUndefined();
});

test("a tenant's events provision what is switched on and disable what is switched off, once each", async () => {
  const tenant = await newTenant({ crm: true, erp: true });
  await vi.waitFor(() => expect(sandbox.of(tenant).sort()).toEqual(["chatwoot", "odoo"]), 10_000);
  await switchService(tenant, "erp", false);
  await vi.waitFor(() => expect(sandbox.of(tenant).sort()).toEqual(["chatwoot", "odoo off"]), 10_000);
  await switchService(tenant, "crm", false);
  await vi.waitFor(() => expect(callsOf(tenant, "chatwoot")).toContain("disable"), 10_000);
  await vi.waitFor(async () => {
    const events = await eventsOf(tenant);
    expect(events.map(({ type, processed_at }) => [type, processed_at !== null])).toEqual([
      ["tenant.created", true],
      ["tenant.services_changed", true],
      ["tenant.services_changed", true],
    ]);
  }, 10_000);
  expect((await store.tenant(tenant))?.externalIds.odoo).not.toBeNull();
});

test("there is no run for a tenant that is not there", async () => {
  const run = { tenantId: crypto.randomUUID(), steps: all, requestedBy: "user_test" };
  expect(await provisioner.provision(run)).toBeUndefined();
  expect(await provisioner.cancel(crypto.randomUUID())).toBeUndefined();
  expect(await provisioner.retry(crypto.randomUUID())).toBeUndefined();
});
