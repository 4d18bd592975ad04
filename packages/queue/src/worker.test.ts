import { setTimeout as sleep } from "node:timers/promises";
import { lineLogger } from "@smarteros/core";
import { asService } from "@smarteros/supabase";
import postgres from "postgres";
import { afterAll, afterEach, expect, inject, test, vi } from "vitest";
import { listenForTasks } from "./listen.ts";
import type { NewTask, TaskStore } from "./ports.ts";
import { supabaseTasks } from "./supabase.ts";
import { Postponed, TaskError } from "./task-error.ts";
import { type Handler, startWorker, type Worker, type WorkerOptions } from "./worker.ts";

const { supabaseUrl, secretKey, postgresUrl, superuserUrl } = inject("embedded");
const store = supabaseTasks(asService({ url: supabaseUrl }, secretKey));
const superuser = postgres(superuserUrl, { max: 2, onnotice: () => undefined });
afterAll(() => superuser.end());

const workers: Worker[] = [];
const lines: string[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(0)));
  lines.length = 0;
});

const newQueue = () => `q${crypto.randomUUID().slice(0, 18)}`;
const logger = lineLogger({ info: (line) => lines.push(line), error: (line) => lines.push(line) });

function start(
  queue: string,
  handler: Handler,
  more: Partial<WorkerOptions> & { concurrency?: number } = {},
) {
  const { concurrency = 4, ...options } = more;
  const worker = startWorker({
    store,
    workerId: `worker-${crypto.randomUUID()}`,
    queues: { [queue]: { concurrency, handlers: { work: handler } } },
    logger,
    pollEveryMs: 50,
    renewEveryMs: 50,
    ...options,
  });
  workers.push(worker);
  return worker;
}

async function enqueue(queue: string, task: Partial<NewTask> = {}) {
  const [id] = await store.enqueue([{ queue, kind: "work", requestedBy: "user_a", ...task }]);
  if (!id) throw new Error("unreachable");
  return id;
}
const stateOf = async (id: string) => (await store.read(id))?.state;
const untilState = (id: string, state: string) =>
  vi.waitFor(async () => expect(await stateOf(id)).toBe(state), { timeout: 15_000, interval: 50 });

/** Waits for the abort of a task and rejects with its reason. */
const untilAborted: Handler = (_task, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test("a task runs with its payload, and its result and follow-ups are stored", async () => {
  const queue = newQueue();
  const seen: unknown[] = [];
  start(queue, async ({ payload, parentId }) => {
    seen.push(payload);
    if (parentId) return { result: "child" };
    const followUp = { queue, kind: "work", requestedBy: "system", payload: { step: 2 } };
    return { result: { n: 1 }, followUps: [followUp] };
  });
  const id = await enqueue(queue, { payload: { step: 1 } });
  await vi.waitFor(() => expect(seen).toEqual([{ step: 1 }, { step: 2 }]), { timeout: 15_000 });
  expect(await store.read(id)).toMatchObject({ state: "succeeded", result: { n: 1 } });
});

test("a failure that may be retried is tried again, and an unexpected error counts as one", async () => {
  const queue = newQueue();
  let attempts = 0;
  start(queue, async () => {
    if (++attempts === 1) throw new Error("secret text of the other side");
    return {};
  });
  const id = await enqueue(queue);
  await untilState(id, "scheduled");
  expect(await store.read(id)).toMatchObject({ attempts: 1, error: { code: "internal" } });
  await superuser`update public.tasks set run_at = now() where id = ${id}`;
  await untilState(id, "succeeded");
});

test("a failure that must not be retried is dead at once, and can be redriven", async () => {
  const queue = newQueue();
  let broken = true;
  start(queue, async () => {
    if (broken) throw new TaskError({ problem: { code: "forbidden" }, retry: false });
    return {};
  });
  const id = await enqueue(queue);
  await untilState(id, "dead");
  expect((await store.read(id))?.error).toEqual({ code: "forbidden" });
  broken = false;
  expect(await store.redrive({ queue, dryRun: true })).toBe(1);
  expect(await store.redrive({ queue })).toBe(1);
  await untilState(id, "succeeded");
});

test("a postponed task leaves its slot to another and keeps its progress", async () => {
  const queue = newQueue();
  start(
    queue,
    async ({ payload }) => {
      if (payload.wait) throw new Postponed(3_600_000, { waiting: "for the other side" });
      return {};
    },
    { concurrency: 1 },
  );
  const [waiting, other] = [await enqueue(queue, { payload: { wait: true } }), await enqueue(queue)];
  await untilState(other, "succeeded");
  expect(await store.read(waiting)).toMatchObject({
    state: "scheduled",
    attempts: 0,
    progress: { waiting: "for the other side" },
  });
});

test("a kind without a handler is retried, because a newer worker may know it", async () => {
  const queue = newQueue();
  start(queue, async () => ({}));
  const id = await enqueue(queue, { kind: "later" });
  await untilState(id, "scheduled");
  expect((await store.read(id))?.error).toMatchObject({ code: "unknown_kind" });
});

test("a cancelled task that runs is aborted and ends as cancelled", async () => {
  const queue = newQueue();
  start(queue, untilAborted);
  const id = await enqueue(queue);
  await untilState(id, "running");
  await store.cancel(id);
  await untilState(id, "cancelled");
});

test("a worker that lost a task aborts it, and its late end does not count", async () => {
  const queue = newQueue();
  const late = Promise.withResolvers<void>();
  const aborts: unknown[] = [];
  start(queue, async (_task, { signal }) => {
    signal.addEventListener("abort", () => aborts.push(signal.reason));
    await late.promise;
    return { result: "late" };
  });
  const id = await enqueue(queue);
  await untilState(id, "running");
  await superuser`update public.tasks set claim = gen_random_uuid(), claimed_by = 'other' where id = ${id}`;
  await vi.waitFor(() => expect(aborts).toHaveLength(1), { timeout: 15_000 });
  late.resolve();
  await vi.waitFor(() => expect(lines.join()).toContain("QUEUE_LOST"), { timeout: 15_000 });
  expect(await stateOf(id)).toBe("running");
});

test("long work is renewed beyond its lease", async () => {
  const queue = newQueue();
  await store.configure(queue, { leaseMs: 1_000 });
  let runs = 0;
  start(queue, async () => {
    runs++;
    await sleep(2_500);
    return {};
  });
  start(queue, async () => ({}));
  const id = await enqueue(queue);
  await untilState(id, "succeeded");
  expect(await store.read(id)).toMatchObject({ attempts: 1 });
  expect(runs).toBeLessThanOrEqual(1);
});

test("a worker that stops gives back what does not end in time", async () => {
  const queue = newQueue();
  const worker = start(queue, untilAborted);
  const id = await enqueue(queue);
  await untilState(id, "running");
  await worker.stop(50);
  expect(await store.read(id)).toMatchObject({ state: "scheduled", attempts: 0 });
});

test("a worker that stops does not give back what failed for good", async () => {
  const queue = newQueue();
  const worker = start(queue, (task, context) =>
    untilAborted(task, context).catch((cause) => {
      throw new TaskError({ problem: { code: "unavailable" }, retry: false }, { cause });
    }),
  );
  const id = await enqueue(queue);
  await untilState(id, "running");
  await worker.stop(50);
  expect(await store.read(id)).toMatchObject({ state: "dead", attempts: 1 });
});

test("tasks of a claim that was under way when the worker stopped are given back", async () => {
  const queue = newQueue();
  const [requested, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow: TaskStore = {
    ...store,
    async claim(...given) {
      requested.resolve();
      await released.promise;
      return store.claim(...given);
    },
  };
  const id = await enqueue(queue);
  let runs = 0;
  const worker = start(
    queue,
    async () => {
      runs++;
      return {};
    },
    { store: slow },
  );
  await requested.promise;
  const stopped = worker.stop(0);
  released.resolve();
  await stopped;
  expect(runs).toBe(0);
  expect(await store.read(id)).toMatchObject({ state: "scheduled", attempts: 0 });
});

test("what a handler reports is the task's progress while it runs", async () => {
  const queue = newQueue();
  start(queue, async (task, context) => {
    context.report({ done: 3 });
    return untilAborted(task, context);
  });
  const id = await enqueue(queue);
  await vi.waitFor(async () => expect((await store.read(id))?.progress).toEqual({ done: 3 }), {
    timeout: 15_000,
  });
});

test("a worker goes on after the database was away", async () => {
  const queue = newQueue();
  let away = true;
  const flaky: TaskStore = {
    ...store,
    claim: (...given) => (away ? Promise.reject(new Error("away")) : store.claim(...given)),
  };
  start(queue, async () => ({}), { store: flaky });
  const id = await enqueue(queue);
  await vi.waitFor(() => expect(lines.join()).toContain("QUEUE_CLAIM"));
  away = false;
  await untilState(id, "succeeded");
});

test("a listening worker starts a task and hears of a cancellation without a poll", async () => {
  const queue = newQueue();
  const wake = listenForTasks(postgresUrl, logger);
  start(queue, untilAborted, { wake, pollEveryMs: 3_600_000, renewEveryMs: 3_600_000 });
  // The subscription is not awaited by the worker: tasks are enqueued until one is heard. A queue with a task in line is not
  // notified again.
  const running = await vi.waitFor(
    async () => {
      const id = await enqueue(queue);
      await sleep(100);
      if ((await stateOf(id)) === "running") return id;
      await store.cancel(id);
      throw new Error("not heard yet");
    },
    { timeout: 15_000, interval: 100 },
  );
  await store.cancel(running);
  await untilState(running, "cancelled");
  await wake.stop();
});

test("tasks of many workers end once each, in spite of workers that stop at random", {
  timeout: 60_000,
}, async () => {
  const queue = newQueue();
  await store.configure(queue, { maxRunning: 12, maxPerKey: 3, leaseMs: 1_000 });
  const ended = new Map<string, number>();
  const count: Handler = async ({ id }, { signal }) => {
    await sleep(20, undefined, { signal });
    ended.set(id, (ended.get(id) ?? 0) + 1);
    return { result: id };
  };
  const tasks = Array.from({ length: 120 }, (_, n) => ({
    queue,
    kind: "work",
    requestedBy: `user_${n % 6}`,
  }));
  const ids = await store.enqueue(tasks);
  for (let round = 0; round < 4; round++) {
    const some = [start(queue, count), start(queue, count), start(queue, count)];
    await sleep(250);
    await some[round % 3]?.stop(0);
  }
  await vi.waitFor(
    async () => expect(new Set(await Promise.all(ids.map(stateOf)))).toEqual(new Set(["succeeded"])),
    {
      timeout: 45_000,
      interval: 500,
    },
  );
  expect(ended.size).toBe(120);
});
