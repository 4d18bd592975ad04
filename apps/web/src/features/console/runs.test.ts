import { describe, expect, test, vi } from "vitest";
import type { CallOutcome } from "../../tool-client/call-tool.ts";
import { RunStore } from "./runs.ts";

const success: CallOutcome = { ok: true, result: 1, bytes: 1, durationMs: 1 };

/** A call that ends when it is told to, or is cancelled by its signal. */
function heldCall() {
  const { promise, resolve } = Promise.withResolvers<CallOutcome>();
  const call = vi.fn(
    (_tool: string, _args: unknown, signal: AbortSignal) =>
      new Promise<CallOutcome>((end) => {
        promise.then(end);
        signal.addEventListener("abort", () =>
          end({ ok: false, code: "cancelled", message: "", issues: [] }),
        );
      }),
  );
  return { call, resolve };
}

describe("the calls of this browser", () => {
  test("a call runs, ends, and tells its listeners at each step", async () => {
    const store = new RunStore();
    const states: unknown[] = [];
    const leave = store.subscribe(() => states.push(store.snapshot()["a.b"]?.state));
    const { call, resolve } = heldCall();
    const ended = store.start(call, "a.b", { x: 1 });
    await Promise.resolve();
    resolve(success);
    expect(await ended).toMatchObject({ tool: "a.b", args: { x: 1 }, state: "succeeded", outcome: success });
    expect(states).toEqual(["queued", "running", "succeeded"]);
    leave();
    await store.start(async () => success, "a.b", {});
    expect(states).toHaveLength(3);
  });

  test("a second call of a tool that runs is not made", async () => {
    const store = new RunStore();
    const { call, resolve } = heldCall();
    const first = store.start(call, "a.b", {});
    expect(await store.start(call, "a.b", {})).toBeUndefined();
    resolve(success);
    await first;
    expect(call).toHaveBeenCalledTimes(1);
  });

  test("more than may run at once wait in line, in order", async () => {
    const store = new RunStore({ atOnce: 1 });
    const [one, two, three] = [heldCall(), heldCall(), heldCall()];
    const runs = [
      store.start(one.call, "a.one", {}),
      store.start(two.call, "a.two", {}),
      store.start(three.call, "a.three", {}),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    expect(Object.values(store.snapshot()).map(({ state }) => state)).toEqual([
      "running",
      "queued",
      "queued",
    ]);
    one.resolve(success);
    await runs[0];
    await new Promise((resolve) => setImmediate(resolve));
    expect(Object.values(store.snapshot()).map(({ state }) => state)).toEqual([
      "succeeded",
      "running",
      "queued",
    ]);
    two.resolve(success);
    three.resolve(success);
    expect((await Promise.all(runs)).map((run) => run?.state)).toEqual(Array(3).fill("succeeded"));
  });

  test("cancelling aborts what runs, and what waits is never sent", async () => {
    const store = new RunStore({ atOnce: 1 });
    const [one, two, three] = [heldCall(), heldCall(), heldCall()];
    const first = store.start(one.call, "a.one", {});
    const second = store.start(two.call, "a.two", {});
    const third = store.start(three.call, "a.three", {});
    store.cancel(store.snapshot()["a.two"]!);
    expect(await second).toMatchObject({ state: "cancelled" });
    expect(two.call).not.toHaveBeenCalled();
    store.cancel(store.snapshot()["a.one"]!);
    expect(await first).toMatchObject({ state: "cancelled" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.snapshot()["a.three"]?.state).toBe("running");
    three.resolve(success);
    expect(await third).toMatchObject({ state: "succeeded" });
  });

  test("an answer that comes after its call was cancelled does not touch the next call", async () => {
    const store = new RunStore();
    const late = Promise.withResolvers<CallOutcome>();
    const first = store.start(() => late.promise, "a.b", { n: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    store.cancel(store.snapshot()["a.b"]!);
    expect(await first).toMatchObject({ state: "cancelled", startedAt: expect.any(Number) });
    const { call, resolve } = heldCall();
    const second = store.start(call, "a.b", { n: 2 });
    late.resolve(success);
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.snapshot()["a.b"]).toMatchObject({ state: "running", args: { n: 2 } });
    resolve(success);
    await second;
  });

  test("what failed is told by its code", async () => {
    const store = new RunStore();
    const failure: CallOutcome = { ok: false, code: "conflict", message: "", issues: [] };
    expect(await store.start(async () => failure, "a.b", {})).toMatchObject({
      state: "failed",
      outcome: failure,
    });
  });
});
