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

/** Several at once; what they thought of each other while the engine's tables were made does not count. */
async function startTogether(count: number): Promise<Worker[]> {
  const started = await Promise.all(Array.from({ length: count }, () => workers.start()));
  await sleep(1_000);
  for (const worker of started) worker.tookOver.length = 0;
  return started;
}
/** Runs of so many new tenants, which no one works on yet. */
const newRuns = (count: number) =>
  Promise.all(Array.from({ length: count }, async () => plant.runOf(await database.newTenant())));

/** All runs have ended well, and each vendor holds one resource of each tenant. */
async function allWhole(runs: Run[]) {
  const ended = await Promise.all(runs.map(({ id }) => plant.ended(id)));
  expect(ended.map(({ state }) => state)).toEqual(runs.map(() => "succeeded"));
  for (const { tenantId } of runs) expect(sandbox.of(tenantId)).toEqual(whole);
}

/** Resolves as the so-many-eth call that changes something takes effect. */
const committed = (nth: number) =>
  new Promise<void>((resolve) => {
    let seen = 0;
    sandbox.watch(({ method, phase }) => {
      if (method !== "GET" && phase === "took effect" && ++seen === nth) resolve();
    });
  });

test("Postgres crashes in the middle of runs and comes back: they end with one of each, on who had them", async () => {
  const pair = await startTogether(2);
  const runs = await newRuns(6);
  const halfway = committed(20);
  for (const [index, { tenantId }] of runs.entries()) pair[index % 2]?.send({ tenantId });
  await halfway;
  await project.crashPostgres();
  await allWhole(runs);
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
  await database.store.markRecovered([first.id]);
  const runs = await newRuns(2);
  const halfway = committed(8);
  for (const { tenantId } of runs) first.send({ tenantId });
  await halfway;
  await first.kill();
  await workers.start();
  await allWhole(runs);
}, 90_000);

test("two workers that are asked at once make one of each", async () => {
  const pair = await startTogether(2);
  const runs = await newRuns(10);
  for (const { tenantId } of runs) for (const worker of pair) worker.send({ tenantId });
  await allWhole(runs);
}, 90_000);

test("of several that see a worker die, one takes its work over", async () => {
  const [first, ...others] = await startTogether(3);
  const runs = await newRuns(6);
  const halfway = committed(20);
  for (const { tenantId } of runs) first?.send({ tenantId });
  await halfway;
  await first?.kill();
  await allWhole(runs);
  // The work may have ended before who took it over says so.
  const tookOver = () => new Set(others.flatMap((worker) => worker.tookOver));
  await vi.waitFor(() => expect(tookOver()).toEqual(new Set([first?.id])), 20_000);
}, 90_000);
