import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import {
  connectorsFor,
  ensureOnce,
  heldFor,
  never,
  newSubject,
  startAll,
  whole,
} from "./connectors.fixture.ts";
import { vendors } from "./vendors.ts";

let all: Awaited<ReturnType<typeof startAll>>;
beforeAll(async () => {
  all = await startAll();
});
afterEach(() => {
  for (const sandbox of Object.values(all.vendors)) sandbox.reset();
});
afterAll(() => all.stop());

it.each(vendors)(
  "%s: a call that takes too long is ended, once, and what it did is found",
  async (vendor) => {
    const sandbox = all.vendors[vendor];
    const hasty = connectorsFor(all.settings, { timeoutMs: 150 })[vendor];
    const subject = newSubject();
    // Longer than the timeout of a slow call.
    sandbox.faults.add({ fault: "latency", ms: 1_200 });
    const late = { kind: "unavailable", reason: "timeout", remedy: "check_service" };
    await expect(hasty.find(subject, never())).rejects.toMatchObject(late);
    expect(sandbox.calls().length).toBeLessThanOrEqual(2);
    expect((await ensureOnce(all.connectors[vendor] as never, subject, never())) as object).toBeDefined();
    expect(heldFor(sandbox, subject)).toEqual(whole[vendor]);
  },
);

it.each(vendors)(
  "%s: a deadline of the caller rejects with unavailable and the reason deadline",
  async (vendor) => {
    all.vendors[vendor].faults.add({ fault: "latency", ms: 600, times: null });
    const late = { kind: "unavailable", reason: "deadline" };
    await expect(all.connectors[vendor].find(newSubject(), AbortSignal.timeout(100))).rejects.toMatchObject(
      late,
    );
  },
);

it.each(vendors)("%s: an abort by the caller rejects with the reason of the signal", async (vendor) => {
  all.vendors[vendor].faults.add({ fault: "latency", ms: 600, times: null });
  const stop = new AbortController();
  const reason = new Error("the run was cancelled");
  setTimeout(() => stop.abort(reason), 50);
  await expect(all.connectors[vendor].find(newSubject(), stop.signal)).rejects.toBe(reason);
});
