import { asService } from "@smarteros/supabase";
import postgres from "postgres";
import { afterAll, describe, expect, inject, test } from "vitest";
import { postgresTasks } from "./postgres.ts";
import { supabaseTasks } from "./supabase.ts";

const { supabaseUrl, secretKey, superuserUrl } = inject("embedded");
const sql = postgres(superuserUrl, { max: 4, onnotice: () => undefined });
afterAll(() => sql.end());

describe.each([
  ["the REST API", supabaseTasks(asService({ url: supabaseUrl }, secretKey))],
  ["a connection", postgresTasks(sql)],
])("tasks by %s", (_name, store) => {
  const newQueue = () => `q${crypto.randomUUID().slice(0, 18)}`;
  const task = (queue: string) => ({ queue, kind: "work", requestedBy: "user_a" });

  test("every field of a task arrives, and its result, progress and error come back", async () => {
    const queue = newQueue();
    const [id = ""] = await store.enqueue([
      {
        ...task(queue),
        fairKey: "key",
        priority: "urgent",
        payload: { deep: [{ a: null, ñ: "ü'\"" }] },
        maxAttempts: 2,
        dedupeKey: "one",
        deadlineAt: new Date(Date.now() + 60_000),
        traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
      },
    ]);
    const [claimed] = await store.claim(queue, "worker", 5);
    expect(claimed).toMatchObject({
      id,
      queue,
      kind: "work",
      tenantId: null,
      requestedBy: "user_a",
      priority: "urgent",
      payload: { deep: [{ a: null, ñ: "ü'\"" }] },
      state: "running",
      attempts: 1,
      maxAttempts: 2,
      traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    });
    if (!claimed) throw new Error("unreachable");
    expect(await store.renew([{ ...claimed, progress: { done: 1 } }])).toEqual(
      new Map([[id, { cancelled: false }]]),
    );
    expect(await store.postpone(claimed, 0, { done: 2 })).toBe("scheduled");
    const [again] = await store.claim(queue, "worker", 1);
    expect(again).toMatchObject({ progress: { done: 2 }, attempts: 1 });
    if (!again) throw new Error("unreachable");
    expect(await store.fail(claimed, { problem: { code: "old" }, retry: true })).toBeUndefined();
    expect(await store.complete([{ ...again, result: ["done"], followUps: [task(queue)] }])).toEqual(
      new Set([id]),
    );
    expect(await store.read(id)).toMatchObject({ state: "succeeded", result: ["done"] });
    expect(await store.claim(queue, "worker", 5)).toMatchObject([{ parentId: id }]);
  });

  test("a queue is configured, paused, redriven and pruned", async () => {
    const queue = newQueue();
    await store.configure(queue, {
      maxRunning: 2,
      maxPerKey: 1,
      sliceMs: 500,
      leaseMs: 90_000,
      breakerPauseMs: 1_000,
    });
    const [row] = await sql`select max_running, max_per_key, slice::text, lease::text, breaker_pause::text
      from public.task_queues where name = ${queue}`;
    expect(row).toEqual({
      max_running: 2,
      max_per_key: 1,
      slice: "00:00:00.5",
      lease: "00:01:30",
      breaker_pause: "00:00:01",
    });
    await store.configure(queue, { maxPerKey: null });
    await store.pause(queue, true);
    const [id = ""] = await store.enqueue([task(queue)]);
    expect(await store.claim(queue, "worker", 1)).toEqual([]);
    await store.pause(queue, false);
    const [claimed] = await store.claim(queue, "worker", 1);
    if (!claimed) throw new Error("unreachable");
    expect(await store.fail(claimed, { problem: { code: "broken" }, retry: false })).toBe("dead");
    expect(await store.redrive({ queue, kind: "other" })).toBe(0);
    expect(await store.redrive({ queue, kind: "work", since: new Date(0), dryRun: true })).toBe(1);
    expect(await store.redrive({ queue })).toBe(1);
    expect(await store.cancel(id)).toMatchObject({ state: "cancelled" });
    expect(await store.cancel(id)).toBeUndefined();
    expect(await store.prune(new Date(0))).toBe(0);
    expect(await store.read(crypto.randomUUID())).toBeUndefined();
  });

  test.each([
    ["a queue without a name", { queue: "" }, /queue|name/],
    ["a kind with spaces", { kind: "a b" }, /kind/],
    ["no user", { requestedBy: "" }, /fair_key|requested_by/],
    ["too many attempts", { maxAttempts: 1_000 }, /attempts/],
    ["a payload that is too large", { payload: { text: "x".repeat(300_000) + Math.random() } }, /payload/],
  ])("%s is refused, and nothing is enqueued", async (_what, change, reason) => {
    const queue = newQueue();
    const refused = store.enqueue([task(queue), { ...task(queue), ...change }]);
    await expect(refused).rejects.toThrow(reason);
    expect(await store.claim(queue, "worker", 5)).toEqual([]);
  });
});
