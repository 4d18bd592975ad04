import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { cached } from "./cached.ts";

function counted(ttlMs: number, end = async (run: number) => run) {
  let runs = 0;
  return cached(() => {
    runs += 1;
    return end(runs);
  }, ttlMs);
}

test("callers during a run share its result, however long it takes", async () => {
  const read = counted(0, (run) => sleep(20, run));
  expect(await Promise.all([read(), read(), sleep(10).then(read)])).toEqual([1, 1, 1]);
});

test("a result is returned again until its ttl is over, counted from the end of the run", async () => {
  const read = counted(60, (run) => sleep(80, run));
  expect([await read(), await read()]).toEqual([1, 1]);
  await sleep(90);
  expect(await read()).toBe(2);
});

test("a rejection is cached for the ttl, and the next run is not affected by it", async () => {
  const read = counted(30, async (run) => {
    if (run === 1) throw new Error("down");
    return run;
  });
  await expect(read()).rejects.toThrow("down");
  await expect(read()).rejects.toThrow("down");
  await sleep(50);
  expect(await read()).toBe(2);
});
