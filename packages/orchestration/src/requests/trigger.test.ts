import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Plant, startPlant } from "../plant.fixture.ts";
import { type Provisioner, startProvisioner } from "../provisioner.ts";
import { connectorsFor } from "../sandboxes.fixture.ts";

let plant: Plant;
let tenantId: string;
const workers: Provisioner[] = [];

const start = async () => {
  const worker = await startProvisioner({
    store: plant.database.store,
    connectors: connectorsFor(plant.sandbox.settings),
    tasks: plant.database.tasks,
    logger: { info: () => undefined, error: () => undefined },
    pollEveryMs: 50,
  });
  workers.push(worker);
  return worker;
};

let first: Provisioner;
beforeAll(async () => {
  plant = await startPlant(inject("embedded"));
  tenantId = await plant.database.newTenant();
  first = await start();
  const steps = [{ vendor: "n8n" as const, action: "provision" as const }];
  const run = await first.provision({ tenantId, steps, requestedBy: "user_test" });
  await plant.ended(run?.id ?? "");
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop(0)));
  await plant.stop();
});

const calls = () => plant.sandbox.vendors.n8n.calls().filter(({ path }) => path.startsWith("/webhook/"));

/** Enqueues a call of the tenant's workflow as a request does. */
async function enqueue() {
  const { tasks } = plant.database;
  const payload = { path: `smarteros/${tenantId}/events`, payload: { order: 7 }, delivery_id: "d-1" };
  const task = { queue: "requests", kind: "trigger", requestedBy: "user_test", maxAttempts: 1 };
  const [id = ""] = await tasks.enqueue([{ ...task, tenantId, payload }]);
  return () => tasks.read(id);
}

test("a worker stores the workflow's response", async () => {
  const read = await enqueue();
  await expect.poll(async () => (await read())?.state).toBe("succeeded");
  expect((await read())?.result).toEqual({ status: 200, data: { ok: true, deliveryId: "d-1" } });
});

test("a call that a stopping worker breaks off is passed to no other worker", async () => {
  plant.sandbox.vendors.n8n.faults.add({ fault: "latency", path: "/webhook/", ms: 20_000 });
  const before = calls().length;
  const read = await enqueue();
  await expect.poll(() => calls().length - before).toBe(1);
  await first.stop(0);
  await start();
  await expect.poll(async () => (await read())?.state).toBe("dead");
  expect((await read())?.error).toMatchObject({
    code: "upstream_error",
    message: expect.stringContaining("may have run"),
  });
  const next = await enqueue();
  await expect.poll(async () => (await next())?.state).toBe("succeeded");
  expect(calls().length - before).toBe(2);
});
