import { expect, it, onTestFinished } from "vitest";
import type { Connector, ResourceId, Subject } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import {
  connectorsFor,
  creating,
  heldFor,
  isTransient,
  never,
  newSubject,
  virtualClock,
  whole,
} from "./connectors.fixture.ts";
import { ensure } from "./ensure.ts";
import type { Intents } from "./intents.ts";
import { type Sandbox, type SandboxCall, sandboxSettings, startSandbox } from "./sandbox/index.ts";
import { memoryIntents } from "./testing.ts";
import { Unsettled } from "./unsettled.ts";
import { vendors } from "./vendors.ts";

// Tenants of a vendor whose creations are late, whose responses are lost and whose lists lag and are cut, and of a worker that
// dies. Every tenant gets one resource or a person's decision, and none gets a second resource.

const tenants = 200;
// SEED=… repeats a run.
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

type Task = {
  at: number;
  subject: Subject;
  intents: Intents;
  recorded?: ResourceId;
  /** True after a success whose id the worker did not record before it died. */
  isForgotten: boolean;
  end?: "succeeded" | "confirm_creation" | "failed";
};

it.each(vendors)("%s: no tenant gets a second resource", { timeout: 400_000 }, async (vendor) => {
  const random = randomFrom(seed + vendors.indexOf(vendor));
  const chance = (probability: number) => random() < probability;
  const clock = virtualClock();
  let isHonest = false;
  const sandbox: Sandbox = await startSandbox(vendor, {
    clock,
    onCall({ phase, method, path }) {
      if (phase !== "arrived" || isHonest) return;
      const fault = faultFor({ vendor, method, path }, random);
      if (fault) sandbox.faults.add({ ...fault, method: method as "GET", path });
    },
  });
  onTestFinished(() => sandbox.stop());
  const others = Object.assign({}, ...vendors.map((one) => sandboxSettings(one, "http://127.0.0.1:9")));
  const connector = connectorsFor({ ...others, ...sandbox.settings })[vendor] as Connector;

  const died = new Error("The worker died.");
  const tasks = Array.from({ length: tenants }, (_, index): Task => {
    const intents = memoryIntents(clock);
    const mortal: Intents = {
      ...intents,
      begin: async () => intents.begin().then(() => (chance(0.03) ? Promise.reject(died) : undefined)),
      settle: async (as) => (chance(0.05) ? Promise.reject(died) : intents.settle(as)),
    };
    return { at: clock.now() + index * 1_000, subject: newSubject(), intents: mortal, isForgotten: false };
  });
  const failures: unknown[] = [];
  const counts = { attempts: 0, unsettled: 0, transient: 0, died: 0 };

  for (;;) {
    const [task] = tasks.filter(({ end }) => !end).sort((one, other) => one.at - other.at);
    if (!task) break;
    await clock.pass(Math.max(0, task.at - clock.now()));
    // What exists without an intent and without a recorded id is known only from the list.
    isHonest = task.isForgotten;
    if (!isHonest && chance(0.3)) {
      sandbox.faults.add({ fault: "lag", ms: Math.floor(random() * 20_000), times: null });
    }
    counts.attempts++;
    try {
      const options = { signal: never(), intents: task.intents, recorded: task.recorded };
      const { resource } = await ensure(connector, task.subject, options);
      if (task.recorded || !chance(0.5)) task.end = "succeeded";
      // Later attempts of the same tenant.
      task.isForgotten = !task.isForgotten && chance(0.5);
      if (!task.isForgotten) task.recorded = resource.id;
      task.at = clock.now() + 30_000;
    } catch (thrown) {
      if (Unsettled.isInstance(thrown)) {
        counts.unsettled++;
        task.at = clock.now() + thrown.retryAfterMs;
      } else if (thrown === died || isTransient(thrown)) {
        counts[thrown === died ? "died" : "transient"]++;
        task.at = clock.now() + 1_000 + random() * 20_000;
      } else {
        const isStop = ConnectorError.isInstance(thrown) && thrown.remedy === "confirm_creation";
        task.end = isStop ? "confirm_creation" : "failed";
        if (!isStop) failures.push(thrown);
      }
    }
    sandbox.faults.clear();
  }
  await clock.pass(15 * 60_000);

  const ends = Object.groupBy(tasks, ({ end = "failed" }) => end);
  const seconds = tasks.filter(({ subject }) => exceeds(heldFor(sandbox, subject), whole[vendor]));
  const succeeded = ends.succeeded ?? [];
  process.stdout.write(
    `${vendor} (seed ${seed}): ${tenants} tenants, ${succeeded.length} succeeded, ` +
      `${ends.confirm_creation?.length ?? 0} to confirm, ${ends.failed?.length ?? 0} failed, ` +
      `${seconds.length} second resources; ${JSON.stringify(counts)}\n`,
  );
  expect(seconds.map(({ subject }) => heldFor(sandbox, subject))).toEqual([]);
  for (const { subject } of succeeded) expect(heldFor(sandbox, subject)).toEqual(whole[vendor]);
  expect(failures).toEqual([]);
  if (vendor === "odoo") expect(succeeded).toHaveLength(tenants);
  if (vendor !== "botpress") expect(succeeded.length / tenants).toBeGreaterThanOrEqual(0.95);
  // The faults had an effect.
  expect(counts.unsettled + counts.transient).toBeGreaterThan(tenants / 4);
});

/** Chooses a fault for a call, or none. */
function faultFor({ vendor, method, path }: Omit<SandboxCall, "phase">, random: () => number) {
  const number = random();
  const isRead = method === "GET" || path.endsWith("/search_read");
  if (isRead) {
    if (number < 0.03) return { fault: "cut" } as const;
    return number < 0.06 && isList(path) ? ({ fault: "short_list" } as const) : undefined;
  }
  const creates = creating[vendor].some((call) => path.endsWith(call.path));
  if (creates && number < 0.25) return { fault: "late_commit", ms: Math.floor(random() * 90_000) } as const;
  if (number < 0.05) return undefined;
  const faults = ["reset_after_commit", "error_after_commit", "cut", "reset"] as const;
  return number < 0.45 ? { fault: faults[Math.floor(random() * faults.length)] ?? "reset" } : undefined;
}

/** Lists that may lack rows. Metabase's list of collections has no total, so that it has to be believed. */
const isList = (path: string) => /\/(inboxes|bots|search_read|tags|workflows|items|search)$/.test(path);

/** Returns true if there are more objects of a kind than there should be. */
function exceeds(held: string[], should: string[]): boolean {
  const rest = [...should];
  return held.some((kind) => {
    const index = rest.indexOf(kind);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

/** Creates a generator of numbers from 0 to 1 that repeats with the seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
