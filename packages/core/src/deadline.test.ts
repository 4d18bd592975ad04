import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { underDeadline, withDeadline } from "./deadline.ts";

const expired = () => new Error("expired");
const forever = () => new Promise<never>(() => undefined);
const untilAborted = (signal: AbortSignal) => sleep(5_000, "done", { signal });

test("work that ends in time settles as it does", async () => {
  expect(await withDeadline({ milliseconds: 1_000, expired }, async () => 1)).toBe(1);
  const failing = withDeadline({ milliseconds: 1_000, expired }, () => Promise.reject(new Error("own")));
  await expect(failing).rejects.toThrow("own");
});

test.each([
  ["ignores its signal", forever],
  ["rejects with an error of its own", untilAborted],
])("late work that %s is rejected with the deadline's reason", async (_what, work) => {
  await expect(withDeadline({ milliseconds: 20, expired }, work)).rejects.toThrow("expired");
});

test("work whose caller goes away is rejected with the caller's reason, or the one given for it", async () => {
  const caller = new AbortController();
  const own = withDeadline({ milliseconds: 1_000, expired, caller: caller.signal }, forever);
  const given = withDeadline(
    { milliseconds: 1_000, expired, caller: caller.signal, cancelled: () => new Error("cancelled") },
    forever,
  );
  caller.abort(new Error("left"));
  await expect(own).rejects.toThrow("left");
  await expect(given).rejects.toThrow("cancelled");
});

test("work for a caller who is gone already is not started", async () => {
  let started = false;
  const work = async () => {
    started = true;
  };
  const caller = AbortSignal.abort(new Error("left"));
  await expect(withDeadline({ milliseconds: 1_000, expired, caller }, work)).rejects.toThrow("left");
  expect(started).toBe(false);
});

test("underDeadline rejects with the work's own error", async () => {
  const work = (signal: AbortSignal) =>
    untilAborted(signal).catch(() => Promise.reject(new Error(`own: ${signal.reason.message}`)));
  await expect(underDeadline({ milliseconds: 20, expired }, work)).rejects.toThrow("own: expired");
});
