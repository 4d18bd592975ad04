import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { openHealthBuffer } from "./health-buffer.ts";
import { loop } from "./loop.ts";
import {
  answer,
  farSide,
  freshFolder,
  goodPing,
  late,
  logOf,
  monitorEnvironment,
  startMonitor,
  storedRows,
  supabaseWire,
} from "./monitor.fixture.ts";
import { createPass } from "./pass.ts";

function quietLogger() {
  const events: string[] = [];
  const note = (event: string) => void events.push(event);
  return { events, logger: { info: note, error: note } };
}

it("never overlaps passes and logs a pass longer than the interval", async () => {
  const stop = new AbortController();
  const { events, logger } = quietLogger();
  let running = 0;
  let passes = 0;
  const pass = async () => {
    expect(++running).toBe(1);
    await sleep(passes === 1 ? 120 : 1);
    running--;
    if (++passes === 4) stop.abort();
  };
  await loop({ everyMs: 40, pass, stop: stop.signal, logger });
  expect(passes).toBe(4);
  expect(events).toEqual(["MONITOR_PASS_SLOW"]);
});

it("waits the interval within 5 % and stops immediately while waiting", async () => {
  for (const [random, expected] of [
    [0, 1_900],
    [1, 2_100],
  ] as const) {
    const stop = new AbortController();
    const starts: number[] = [];
    const pass = async () => {
      starts.push(performance.now());
      if (starts.length === 2) setTimeout(() => stop.abort(), 20);
    };
    const begun = performance.now();
    await loop({
      everyMs: 2_000,
      pass,
      stop: stop.signal,
      logger: quietLogger().logger,
      random: () => random,
    });
    expect(starts[1]! - starts[0]!).toBeGreaterThan(expected - 5);
    expect(performance.now() - begun).toBeLessThan(expected + 1_500);
  }
});

it("creates partitions once a day and retries in the next pass after a failure", async () => {
  let now = Date.parse("2030-01-01T00:00:00Z");
  let isDown = true;
  let made = 0;
  const store = {
    insert: async () => "stored" as const,
    ensurePartitions: async () => {
      if (isDown) throw new Error("down");
      made++;
    },
  };
  const pass = createPass({
    probes: [],
    store,
    buffer: openHealthBuffer(`${freshFolder()}/buffer`),
    logger: quietLogger().logger,
    signal: new AbortController().signal,
    now: () => now,
  });
  expect(await pass()).toMatchObject({ ok: false, partitions: "failed" });
  isDown = false;
  expect(await pass()).toMatchObject({ ok: true, partitions: "ensured" });
  now += 86_399_000;
  expect((await pass()).partitions).toBe("kept");
  now += 1_000;
  expect((await pass()).partitions).toBe("ensured");
  expect(made).toBe(2);
});

it("finishes and stores the current pass on SIGTERM", async () => {
  const web = await farSide(late(1_000, goodPing));
  const backend = await farSide(answer(503));
  const before = new Set((await storedRows()).map(({ id }) => id));
  const environment = { ...monitorEnvironment(), WEB_URL: web.url, FASTAPI_URL: backend.url };
  const monitor = startMonitor(["--every", "1h"], environment);
  await vi.waitFor(() => expect(web.seen).toHaveLength(1), 10_000);
  monitor.kill("SIGTERM");
  // A loop ended by a signal exits with 0 even when a probe failed.
  const ended = await monitor.ended;
  expect([ended.code, logOf(ended)]).toEqual([0, ""]);
  const rows = (await storedRows()).filter(({ id }) => !before.has(id));
  expect(rows.map(({ service, status }) => `${service} ${status}`).toSorted()).toEqual([
    "backend error",
    "backend.validate error",
    "supabase ok",
    "web ok",
  ]);
});

it.each(["SIGTERM", "SIGINT"] as const)(
  "stops immediately on %s while waiting for the next pass",
  async (signal) => {
    const monitor = startMonitor(["--every", "1h", "--json"], monitorEnvironment());
    await vi.waitFor(() => expect(monitor.said.out).toContain('"ok":true'), 10_000);
    const signalledAt = performance.now();
    monitor.kill(signal);
    expect((await monitor.ended).code).toBe(0);
    expect(performance.now() - signalledAt).toBeLessThan(10_000);
  },
);

it("stops within 8 s while the database hangs and buffers the results on disk", async () => {
  const wire = await supabaseWire();
  wire.mute();
  const web = await farSide(goodPing);
  const environment = { ...monitorEnvironment(), NEXT_PUBLIC_SUPABASE_URL: wire.url, WEB_URL: web.url };
  const monitor = startMonitor(["--every", "1m"], environment);
  await vi.waitFor(() => expect(web.seen).toHaveLength(1), 10_000);
  const signalledAt = performance.now();
  monitor.kill("SIGTERM");
  const done = await monitor.ended;
  expect(performance.now() - signalledAt).toBeLessThan(8_000);
  expect(done).toMatchObject({ code: 0, err: expect.stringContaining('[MONITOR_BUFFERED] {"rows":2}') });
  expect(done.err).toContain('[MONITOR_NOT_STORED] {"reason":"asked to end"}');
});

it("exits immediately on a second signal", async () => {
  const web = await farSide(() => undefined);
  const monitor = startMonitor([], { ...monitorEnvironment(), WEB_URL: web.url });
  await vi.waitFor(() => expect(web.seen).toHaveLength(1), 10_000);
  const signalledAt = performance.now();
  monitor.kill("SIGINT");
  await sleep(700);
  monitor.kill("SIGINT");
  expect((await monitor.ended).code).toBe(130);
  expect(performance.now() - signalledAt).toBeLessThan(3_000);
});
