import { type Vendor, vendors } from "@smarteros/connectors";
import type { FaultInput } from "@smarteros/connectors/sandbox";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { allFive, type Plant, startPlant } from "./plant.fixture.ts";
import type { Run } from "./ports.ts";
import { type Provisioner, startProvisioner } from "./provisioner.ts";
import { connectorsFor, whole } from "./sandboxes.fixture.ts";

let plant: Plant;
let database: Plant["database"];
let sandbox: Plant["sandbox"];
let provisioner: Provisioner;

beforeAll(async () => {
  plant = await startPlant(inject("embedded"));
  ({ database, sandbox } = plant);
  provisioner = await startProvisioner({
    store: database.store,
    connectors: connectorsFor(sandbox.settings),
    tasks: database.tasks,
    logger: { info: () => undefined, error: () => undefined },
    queueSettings: { maxAttempts: 3, retryPauseMs: 200, maxRetryPauseMs: 400 },
    pollEveryMs: 100,
    deadlineMs: 5_000,
  });
});
afterAll(async () => {
  await provisioner.stop();
  await plant.stop();
});

const open = async (tenantId: string, steps = allFive): Promise<Run> => {
  const run = await provisioner.provision({ tenantId, steps, requestedBy: "user_test" });
  if (!run) throw new Error("no run");
  return run;
};
const ended = (id: string) => plant.ended(id);
/** Adds a fault to a vendor, permanently or for a number of calls. */
function broken(vendor: Vendor, ...faults: FaultInput[]) {
  for (const fault of faults) sandbox.vendors[vendor].faults.add(fault);
  return { clearFaults: () => sandbox.vendors[vendor].faults.clear() };
}

test("five services are created once and their ids recorded on the tenant", async () => {
  const tenant = await database.newTenant();
  const run = await open(tenant);
  expect((await open(tenant)).id).toBe(run.id);
  expect(await ended(run.id)).toMatchObject({ state: "succeeded" });
  expect(sandbox.of(tenant)).toEqual(whole);
  const held = (vendor: Vendor, kind: string) =>
    sandbox.vendors[vendor].resources().find((one) => one.tenantId === tenant && one.kind === kind)?.id;
  expect((await database.store.tenant(tenant))?.externalIds).toEqual({
    chatwoot: Number(held("chatwoot", "inbox")),
    botpress: `bot:${held("botpress", "bot")}`,
    odoo: Number(held("odoo", "company")),
    n8n: `tag:${held("n8n", "tag")}`,
    metabase: held("metabase", "dashboard"),
  });

  const again = await ended((await open(tenant)).id);
  expect(again.id).not.toBe(run.id);
  expect(again).toMatchObject({ state: "succeeded", steps: vendors.map(() => ({ created: false })) });
  expect(sandbox.of(tenant)).toEqual(whole);
});

test("a transient failure is retried automatically", async () => {
  const tenant = await database.newTenant();
  broken("odoo", { fault: "error" }, { fault: "rate_limited", retryAfterSeconds: 4, skip: 1 });
  const run = await ended((await open(tenant)).id);
  expect(run.state).toBe("succeeded");
  const attempts = Object.fromEntries(run.steps.map((step) => [step.vendor, step.attempts]));
  expect(attempts).toEqual({ chatwoot: 1, botpress: 1, odoo: 3, n8n: 1, metabase: 1 });
  expect(sandbox.of(tenant)).toEqual(whole);
});

test("two concurrent retries of a run retry failed steps once and no succeeded step", async () => {
  const tenant = await database.newTenant();
  const { clearFaults } = broken("metabase", { fault: "unauthorized", times: null });
  const { id } = await open(tenant);
  expect((await ended(id)).state).toBe("partial");
  clearFaults();
  const from = sandbox.calls.length;
  const retried = await Promise.all([provisioner.retry(id), provisioner.retry(id)]);
  expect(retried.filter(Boolean)).toHaveLength(1);
  expect((await ended(id)).state).toBe("succeeded");
  expect(new Set(sandbox.calls.slice(from).map(({ vendor }) => vendor))).toEqual(new Set(["metabase"]));
  expect(await provisioner.retry(id)).toBeUndefined();
  expect(sandbox.of(tenant)).toEqual(whole);
});

test("cancelling ends the wait immediately and removes only what the run created", async () => {
  const tenant = await database.newTenant();
  await ended((await open(tenant, [{ vendor: "chatwoot", action: "provision" }])).id);
  const { clearFaults } = broken("metabase", { fault: "rate_limited", retryAfterSeconds: 60, times: null });
  const { id } = await open(tenant);
  await vi.waitFor(async () => {
    const run = await database.store.run(id);
    expect(run?.steps.map(({ state }) => state)).toEqual([...Array(4).fill("succeeded"), "waiting"]);
  }, 10_000);
  const from = sandbox.calls.length;
  expect(await provisioner.cancel(id)).toMatchObject({ state: "cancelled" });
  await vi.waitFor(async () => {
    const run = await database.store.run(id);
    expect(run?.steps.map(({ vendor, state }) => `${vendor} ${state}`)).toEqual([
      "chatwoot succeeded",
      "botpress undone",
      "odoo undone",
      "n8n undone",
      "metabase cancelled",
    ]);
  }, 10_000);
  clearFaults();
  expect(sandbox.of(tenant)).toEqual(["chatwoot inbox"]);
  const undoing = sandbox.calls.slice(from).map(({ vendor }) => vendor);
  expect(new Set(undoing.filter((vendor) => vendor !== "metabase"))).toEqual(
    new Set(["n8n", "odoo", "botpress"]),
  );
  expect(await provisioner.cancel(id)).toBeUndefined();
});

test("a missing tenant gets no run", async () => {
  const run = { tenantId: crypto.randomUUID(), steps: allFive, requestedBy: "user_test" };
  expect(await provisioner.provision(run)).toBeUndefined();
  expect(await provisioner.cancel(crypto.randomUUID())).toBeUndefined();
  expect(await provisioner.retry(crypto.randomUUID())).toBeUndefined();
});
