import { setTimeout as sleep } from "node:timers/promises";
import { vendors } from "@smarteros/connectors";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Database, databaseOf } from "./database.fixture.ts";
import { type OwnProject, startOwnProject } from "./own-project.fixture.ts";
import { startVendors, type Vendors, whole } from "./sandboxes.fixture.ts";
import { type Worker, workersOn } from "./workers.fixture.ts";

let project: OwnProject;
let database: Database;
let sandbox: Vendors;
let workers: ReturnType<typeof workersOn>;
beforeAll(async () => {
  [project, sandbox] = await Promise.all([startOwnProject(), startVendors()]);
  database = databaseOf(project);
});
beforeEach(async () => {
  await database.superuser`delete from public.workers`;
  workers = workersOn(project, await database.newSystemDatabase(), sandbox);
});
afterEach(async () => {
  sandbox.watch(() => undefined);
  await workers.killAll();
});
afterAll(async () => {
  await Promise.all([database.end(), sandbox.stop()]);
  await project.stop();
});

const runOf = async (tenantId: string) => {
  const steps = vendors.map((vendor) => ({ vendor, action: "provision" as const }));
  const run = await database.store.open({ tenantId, steps, requestedBy: "user_test" });
  if (!run) throw new Error("no run");
  return run;
};
/** Several at once; what they thought of each other while the engine's tables were made does not count. */
async function startTogether(count: number): Promise<Worker[]> {
  const started = await Promise.all(Array.from({ length: count }, () => workers.start()));
  await sleep(1_000);
  for (const worker of started) worker.tookOver.length = 0;
  return started;
}
async function newTenants(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => database.newTenant()));
}

/** All runs have ended well, and each vendor holds one resource of each tenant. */
async function allWhole(tenants: string[]) {
  const runs = await Promise.all(tenants.map(async (tenantId) => (await runOf(tenantId)).id));
  await vi.waitFor(
    async () => {
      const found = await Promise.all(runs.map((id) => database.store.run(id)));
      expect(found.map((run) => run?.state)).toEqual(runs.map(() => "succeeded"));
    },
    { timeout: 60_000, interval: 100 },
  );
  for (const tenant of tenants) expect(sandbox.of(tenant)).toEqual(whole);
}

/** Resolves as the so-many-eth call that changes something takes effect. */
const committed = (nth: number) =>
  new Promise<void>((resolve) => {
    let seen = 0;
    sandbox.watch(({ method, moment }) => {
      if (method !== "GET" && moment === "took effect" && ++seen === nth) resolve();
    });
  });

test("Postgres crashes in the middle of runs and comes back: they end with one of each, on who had them", async () => {
  const pair = await startTogether(2);
  const tenants = await newTenants(6);
  const halfway = committed(20);
  for (const [index, tenantId] of tenants.entries()) pair[index % 2]?.send({ tenantId });
  await halfway;
  await project.crashPostgres();
  await allWhole(tenants);
  expect(pair.flatMap(({ tookOver }) => tookOver)).toEqual([]);
}, 90_000);

test("after a pause of them all, the first to come back takes none of the others for dead", async () => {
  const pair = await startTogether(2);
  for (const worker of pair) worker.signal("SIGSTOP");
  await sleep(3_000);
  for (const worker of pair) {
    worker.signal("SIGCONT");
    await sleep(1_000);
  }
  await sleep(2_000);
  expect(pair.map(({ tookOver }) => tookOver)).toEqual([[], []]);
});

test("a worker that was once taken for dead is taken over when it dies", async () => {
  const first = await workers.start();
  await database.store.recovered([first.id]);
  const tenants = await newTenants(2);
  const halfway = committed(8);
  for (const tenantId of tenants) first.send({ tenantId });
  await halfway;
  await first.kill();
  await workers.start();
  await allWhole(tenants);
}, 90_000);

test("two workers that are asked at once make one of each", async () => {
  const pair = await startTogether(2);
  const tenants = await newTenants(10);
  for (const tenantId of tenants) for (const worker of pair) worker.send({ tenantId });
  await allWhole(tenants);
}, 90_000);

test("of several that see a worker die, one takes its work over", async () => {
  const [first, ...others] = await startTogether(3);
  const tenants = await newTenants(6);
  const halfway = committed(20);
  for (const tenantId of tenants) first?.send({ tenantId });
  await halfway;
  await first?.kill();
  await allWhole(tenants);
  expect(new Set(others.flatMap(({ tookOver }) => tookOver))).toEqual(new Set([first?.id]));
}, 90_000);
