import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { cuttableLink } from "./cut-link.fixture.ts";
import { noNamespaces, setNetwork, waysTo } from "./namespace.fixture.ts";
import { startOwnProject } from "./own-project.fixture.ts";
import { type Plant, startPlant } from "./plant.fixture.ts";
import type { Run } from "./ports.ts";
import { whole } from "./sandboxes.fixture.ts";
import { leaseMs, type Worker, workersOn } from "./workers.fixture.ts";

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
beforeEach(() => {
  workers = workersOn(plant.project, sandbox);
});
afterEach(async () => {
  sandbox.watch(() => undefined);
  await workers.killAll();
});
afterAll(async () => {
  await plant.stop();
  await project.stop();
});

// Longer than a worker is suspended: what it sends when it continues is still searched for.
const settleAfterMs = 2 * leaseMs;
const start = (supabaseUrl = project.supabaseUrl) => workers.start({ supabaseUrl, settleAfterMs });
const startTogether = (count: number): Promise<Worker[]> =>
  Promise.all(Array.from({ length: count }, () => start()));
const newRuns = (count: number) =>
  Promise.all(Array.from({ length: count }, async () => plant.runOf(await database.newTenant())));

/** Expects that all runs succeed and each vendor has one resource per tenant. */
async function allWhole(runs: Run[]) {
  await Promise.all(runs.map(({ id }) => plant.succeeded(id)));
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

test("runs end without duplicates after Postgres crashes and restarts", async () => {
  await startTogether(2);
  const halfway = committed(20);
  const runs = await newRuns(6);
  await halfway;
  await project.crashPostgres();
  await allWhole(runs);
}, 90_000);

test("runs end without duplicates after all workers were suspended for longer than their leases", async () => {
  const pair = await startTogether(2);
  const halfway = committed(10);
  const runs = await newRuns(6);
  await halfway;
  for (const worker of pair) worker.signal("SIGSTOP");
  await sleep(leaseMs + 1_000);
  for (const worker of pair) worker.signal("SIGCONT");
  await allWhole(runs);
}, 90_000);

test("another worker takes the tasks of a suspended one, which creates nothing twice when it continues", async () => {
  const suspended = await start();
  const halfway = committed(6);
  const runs = await newRuns(4);
  await halfway;
  suspended.signal("SIGSTOP");
  await start();
  await sleep(leaseMs + 1_000);
  suspended.signal("SIGCONT");
  await allWhole(runs);
}, 90_000);

test("a worker that is cut off from the database, but not from the vendors, creates nothing twice", async () => {
  const link = await cuttableLink(project.supabaseUrl);
  onTestFinished(() => link.stop());
  await start(link.url);
  await startTogether(2);
  const halfway = committed(20);
  const runs = await newRuns(8);
  await halfway;
  link.cut();
  await allWhole(runs);
  const before = await Promise.all(runs.map(({ id }) => database.store.run(id)));
  link.restore();
  await sleep(3_000);
  expect(await Promise.all(runs.map(({ id }) => database.store.run(id)))).toEqual(before);
  // It goes on with what comes.
  await allWhole(await newRuns(3));
}, 90_000);

test("three workers on hosts of their own share the work, and the other two end that of the one that is cut off", async ({
  skip,
}) => {
  const reason = noNamespaces();
  if (reason) skip(reason);
  const ways = await waysTo([project.supabaseUrl, ...Object.values(sandbox.vendors).map(({ url }) => url)]);
  onTestFinished(() => ways.close());
  const hosts = await Promise.all(
    Array.from({ length: 3 }, () => workers.start({ ways: ways.folder, settleAfterMs })),
  );
  const halfway = committed(20);
  const runs = await newRuns(8);
  await halfway;
  const [lost] = hosts;
  if (lost) setNetwork(lost.pid, "down");
  await allWhole(runs);
  const before = await Promise.all(runs.map(({ id }) => database.store.run(id)));
  if (lost) setNetwork(lost.pid, "up");
  await sleep(3_000);
  expect(await Promise.all(runs.map(({ id }) => database.store.run(id)))).toEqual(before);
  // It goes on with what comes.
  const takers = async () =>
    (await database.superuser`select distinct claimed_by from public.tasks`).map((row) => row.claimed_by);
  await database.superuser`update public.tasks set claimed_by = null where state = 'succeeded'`;
  while (!(await takers()).includes(lost?.id)) await allWhole(await newRuns(3));
}, 120_000);

test("two workers create one resource for each tenant and vendor", async () => {
  await startTogether(2);
  await allWhole(await newRuns(10));
}, 90_000);

test("the others take over the work of a worker that was killed", async () => {
  const [first] = await startTogether(3);
  const halfway = committed(20);
  const runs = await newRuns(6);
  await halfway;
  await first?.kill();
  await allWhole(runs);
}, 90_000);
