import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startOwnProject } from "./own-project.fixture.ts";
import { type Plant, startPlant } from "./plant.fixture.ts";
import type { Run } from "./ports.ts";
import { whole } from "./sandboxes.fixture.ts";
import { type Worker, workersOn } from "./workers.fixture.ts";

let project: Awaited<ReturnType<typeof startOwnProject>>;
let plant: Plant;
let database: Plant["database"];
let sandbox: Plant["sandbox"];
let workers: ReturnType<typeof workersOn>;
beforeAll(async () => {
  project = await startOwnProject();
  plant = await startPlant(project);
  ({ database, sandbox } = plant);
});
beforeEach(async () => {
  await database.superuser`delete from public.provision_workers`;
  workers = workersOn(plant.project, await database.newSystemDatabase(), sandbox);
});
afterEach(async () => {
  sandbox.watch(() => undefined);
  await workers.killAll();
});
afterAll(async () => {
  await plant.stop();
  await project.stop();
});

/** Starts several workers, and forgets whom they took for dead while the engine's tables were created. */
async function startTogether(count: number): Promise<Worker[]> {
  const started = await Promise.all(Array.from({ length: count }, () => workers.start()));
  await sleep(1_000);
  for (const worker of started) worker.tookOver.length = 0;
  return started;
}
/** Opens runs of new tenants without a workflow. */
const newRuns = (count: number) =>
  Promise.all(Array.from({ length: count }, async () => plant.runOf(await database.newTenant())));

/** Expects that all runs succeed and each vendor has one resource per tenant. */
async function allWhole(runs: Run[]) {
  const ended = await Promise.all(runs.map(({ id }) => plant.ended(id)));
  expect(ended.map(({ state }) => state)).toEqual(runs.map(() => "succeeded"));
  for (const { tenantId } of runs) expect(sandbox.of(tenantId)).toEqual(whole);
}

/** Resolves when the nth writing call takes effect. */
const committed = (nth: number) =>
  new Promise<void>((resolve) => {
    let seen = 0;
    sandbox.watch(({ method, phase }) => {
      if (method !== "GET" && phase === "took effect" && ++seen === nth) resolve();
    });
  });

test("runs end without duplicates, on their workers, after Postgres crashes and restarts", async () => {
  const pair = await startTogether(2);
  const runs = await newRuns(6);
  const halfway = committed(20);
  for (const [index, { tenantId }] of runs.entries()) pair[index % 2]?.send({ tenantId });
  await halfway;
  await project.crashPostgres();
  await allWhole(runs);
  expect(pair.flatMap(({ tookOver }) => tookOver)).toEqual([]);
}, 90_000);

test("after a pause of all workers, the first to continue takes no other for dead", async () => {
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

test("a worker that was wrongly taken for dead is recovered when it dies", async () => {
  const first = await workers.start();
  await database.store.markRecovered([first.id]);
  const runs = await newRuns(2);
  const halfway = committed(8);
  for (const { tenantId } of runs) first.send({ tenantId });
  await halfway;
  await first.kill();
  await workers.start();
  await allWhole(runs);
}, 90_000);

test("two concurrent requests on two workers create one resource each", async () => {
  const pair = await startTogether(2);
  const runs = await newRuns(10);
  for (const { tenantId } of runs) for (const worker of pair) worker.send({ tenantId });
  await allWhole(runs);
}, 90_000);

test("of several workers that detect a dead worker, one recovers its work", async () => {
  const [first, ...others] = await startTogether(3);
  const runs = await newRuns(6);
  const halfway = committed(20);
  for (const { tenantId } of runs) first?.send({ tenantId });
  await halfway;
  await first?.kill();
  await allWhole(runs);
  // The work may have ended before the recovering worker reports it.
  const tookOver = () => new Set(others.flatMap((worker) => worker.tookOver));
  await vi.waitFor(() => expect(tookOver()).toEqual(new Set([first?.id])), 20_000);
}, 90_000);
