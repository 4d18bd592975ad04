import { afterEach, expect, it, vi } from "vitest";
import { memoryLimiter } from "./memory.ts";

afterEach(() => vi.useRealTimers());

it("allows so many calls a window for each key, and peeks without drawing", async () => {
  const limiter = memoryLimiter({ calls: 3 });
  const allowed = async (key: string) => (await limiter.consume(key)).allowed;
  expect(await limiter.peek("a")).toMatchObject({ allowed: true, remaining: 3, limit: 3 });
  expect([await allowed("a"), await allowed("a"), await allowed("a"), await allowed("a")]).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(await limiter.peek("a")).toMatchObject({ allowed: false, remaining: 0 });
  expect(await allowed("b")).toBe(true);
});

it("opens again after the minute, counted from the first call", async () => {
  vi.useFakeTimers();
  const limiter = memoryLimiter({ calls: 1 });
  await limiter.consume("a");
  await vi.advanceTimersByTimeAsync(59_000);
  const refused = await limiter.consume("a");
  expect(refused.allowed).toBe(false);
  expect(refused.resetMs).toBeLessThanOrEqual(1_000);
  await vi.advanceTimersByTimeAsync(1_100);
  expect(await limiter.consume("a")).toMatchObject({ allowed: true });
});

it("draws exactly the allowance from a burst", async () => {
  const limiter = memoryLimiter({ calls: 30 });
  const states = await Promise.all(Array.from({ length: 500 }, () => limiter.consume("a")));
  expect(states.filter((state) => state.allowed)).toHaveLength(30);
});
