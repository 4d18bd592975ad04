import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { vendors } from "@smarteros/connectors";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newSystemDatabase, newTenant, project, store } from "./database.fixture.ts";
import { startVendors } from "./vendors.fixture.ts";

let sandbox: Awaited<ReturnType<typeof startVendors>>;
let systemDatabase: string;
const workers = new Set<ChildProcess>();

beforeAll(async () => {
  [sandbox, systemDatabase] = await Promise.all([startVendors(), newSystemDatabase()]);
});
afterAll(async () => {
  await Promise.all([...workers].map(kill));
  await sandbox.stop();
});

async function startWorker(id = `worker-${crypto.randomUUID()}`): Promise<ChildProcess> {
  const script = path.join(import.meta.dirname, "worker.fixture.ts");
  const child = fork(script, [systemDatabase, project.supabaseUrl, project.secretKey, sandbox.url, id], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  workers.add(child);
  const [first] = await once(child, "message");
  expect(first).toBe("ready");
  return child;
}

async function kill(worker: ChildProcess) {
  workers.delete(worker);
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = once(worker, "exit");
  worker.kill("SIGKILL");
  await exited;
}

const runOf = async (tenantId: string) => {
  const run = await store.open({
    tenantId,
    steps: vendors.map((vendor) => ({ vendor, action: "provision" })),
    requestedBy: "user_test",
  });
  if (!run) throw new Error("no run");
  return run;
};

const succeeded = (id: string) =>
  vi.waitFor(async () => expect((await store.run(id))?.state).toBe("succeeded"), {
    timeout: 60_000,
    interval: 50,
  });

// Find, create, find again at five vendors: each call is a place to die at as it comes, and each creation also as it
// has taken effect and not been answered.
const asItComes = Array.from({ length: 15 }, (_, index) => ({ call: index + 1, when: "before" as const }));
const asItTookEffect = [6, 7, 8, 9, 10].map((call) => ({ call, when: "after" as const }));

async function killAndTakeOver(
  place: { call: number; when: string },
  nextId: (id: string) => string | undefined,
) {
  const id = `worker-${crypto.randomUUID()}`;
  const first = await startWorker(id);
  const tenant = await newTenant();
  const run = await runOf(tenant);
  const died = new Promise<void>((resolve) => {
    sandbox.watch((number, moment) => {
      if (number === place.call && moment === place.when) void kill(first).then(resolve);
    });
  });
  first.send(tenant);
  await died;
  sandbox.watch(() => undefined);
  const before = await store.run(run.id);
  const second = await startWorker(nextId(id));
  await succeeded(run.id);
  await kill(second);
  expect(sandbox.of(tenant).sort()).toEqual([...vendors].sort());
  const after = await store.run(run.id);
  for (const [index, step] of (before?.steps ?? []).entries())
    if (step.state === "succeeded") expect(after?.steps[index]).toEqual(step);
}

test.each([...asItComes, ...asItTookEffect])(
  "killed %o, a run ends on another worker with one of each, and nothing finished runs again",
  (place) => killAndTakeOver(place, () => undefined),
  90_000,
);

test.each(asItComes)(
  "killed %o, a run ends on the same worker, started again",
  (place) => killAndTakeOver(place, (id) => id),
  90_000,
);

test("two workers that are asked at once make one of each", async () => {
  const pair = await Promise.all([startWorker(), startWorker()]);
  const tenants = await Promise.all(Array.from({ length: 10 }, () => newTenant()));
  for (const tenant of tenants) for (const worker of pair) worker.send(tenant);
  const runs = await Promise.all(tenants.map(runOf));
  await Promise.all(runs.map(({ id }) => succeeded(id)));
  for (const tenant of tenants) expect(sandbox.of(tenant).sort()).toEqual([...vendors].sort());
  await Promise.all(pair.map(kill));
}, 90_000);

test("of several that see a worker die, one takes its work over", async () => {
  const [first, ...others] = await Promise.all([startWorker(), startWorker(), startWorker()]);
  const tenants = await Promise.all(Array.from({ length: 5 }, () => newTenant()));
  const runs = await Promise.all(tenants.map(runOf));
  const died = new Promise<void>((resolve) => {
    sandbox.watch((number) => {
      if (number === 8) void kill(first!).then(resolve);
    });
  });
  for (const tenant of tenants) first?.send(tenant);
  await died;
  await Promise.all(runs.map(({ id }) => succeeded(id)));
  for (const tenant of tenants) expect(sandbox.of(tenant).sort()).toEqual([...vendors].sort());
  await Promise.all(others.map(kill));
}, 90_000);
