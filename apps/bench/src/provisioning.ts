import { setTimeout as sleep } from "node:timers/promises";
import {
  type Connector,
  connectorSettings,
  createConnectors,
  ensure,
  type Vendor,
  vendors,
} from "@smarteros/connectors";
import { memoryIntents } from "@smarteros/connectors/testing";
import * as z from "zod";
import { compare, interleaved, median } from "./measure.ts";
import { type Plant, startPlant } from "./provisioning/plant.ts";
import { type Size, sized } from "./size.ts";

const latencyMs = 20;
/** A worker's default. */
const atOnce = 4;
const pollingMs = 100;

/** Measures 200 tenants with five services each, from the first request to the last stored id. */
export async function provisioning(size: Size) {
  const tenants = sized(size, 200, 5);
  // The peer would take minutes for all tenants.
  const oneByOne = sized(size, 10, 1);
  const plant = await startPlant(atOnce);
  try {
    // Warms up connections, plans and compiled code.
    await provision(plant, sized(size, 10, 2));
    const waits = await plant.ask<number[]>({
      ask: "begin",
      tenants: await plant.newTenants(sized(size, 50, 3)),
    });
    await plant.allEnded();
    plant.startOver(latencyMs);
    const single = oneByOne / (await sequentially(plant, oneByOne));
    plant.startOver(latencyMs);
    const seconds = await provision(plant, tenants);
    const busiest = Math.max(...vendors.map(plant.calls));
    const rate = tenants / seconds;
    const limit = (tenants * atOnce * 1_000) / (busiest * latencyMs);
    const name = `provisioning: ${tenants} tenants × 5 vendors`;
    const atLeast = (bound: number) => ({ better: "higher", atLeast: bound, of: "ratio" }) as const;
    return [
      compare(name, "tenants/s", [rate, single], "the same calls one by one", atLeast(8)),
      compare(name, "tenants/s", [rate, limit], "what the concurrency settings allow", atLeast(0.7)),
      compare(
        "provisioning: from the answer to the first step, p50",
        "ms",
        [median(waits), pollingMs],
        "the queue's polling interval",
        { better: "lower", atMost: 150, of: "value" },
      ),
    ];
  } finally {
    await plant.stop();
  }
}

/**
 * Measures a tenant's five services behind forty tenants of another owner, and one service while another vendor, which is
 * slow, has a thousand tenants waiting. Each is compared with the same alone.
 */
export async function neighbours(size: Size) {
  const plant = await startPlant(atOnce);
  try {
    await provision(plant, sized(size, 10, 2));
    const rounds = sized(size, 5, 1);
    const large = sized(size, 40, 3);
    const waiting = sized(size, 1_000, 20);

    const behind = await interleaved(
      rounds,
      async () => {
        plant.startOver(latencyMs);
        await plant.ask({ ask: "open", tenants: await plant.newTenants(large, "user_large") });
        return timed(plant);
      },
      async () => {
        plant.startOver(latencyMs);
        return timed(plant);
      },
    );

    plant.startOver(latencyMs);
    plant.slowDown("botpress", 2_000);
    await plant.ask({
      ask: "open",
      tenants: await plant.newTenants(waiting, "user_large"),
      only: "botpress",
    });
    const beside: number[] = [];
    for (let round = 0; round < rounds; round++) beside.push(await timed(plant, "odoo", false));
    plant.startOver(latencyMs);
    await plant.allEnded();
    const alone: number[] = [];
    for (let round = 0; round < rounds; round++) alone.push(await timed(plant, "odoo"));

    return [
      compare(`provisioning: five services behind ${large} tenants of another owner`, "s", behind, "alone", {
        better: "lower",
        atMost: 3,
        of: "ratio",
      }),
      compare(
        `provisioning: a service while ${waiting} tenants wait for another vendor`,
        "s",
        [median(beside), median(alone)],
        "alone",
        { better: "lower", atMost: 2, of: "value" },
      ),
    ];
  } finally {
    await plant.stop();
  }
}

/** Returns the seconds until a new tenant's services are active, and resolves when no run is open. */
async function timed(plant: Plant, only?: Vendor, idle = true): Promise<number> {
  const made = await plant.newTenants(1);
  const started = performance.now();
  await plant.ask({ ask: "open", tenants: made, only });
  await plant.allEnded(made);
  const seconds = (performance.now() - started) / 1_000;
  if (idle) await plant.allEnded();
  return seconds;
}

/** Measures a worker's memory over 2 000 runs of five services. */
export async function memory(size: Size) {
  const batch = sized(size, 100, 1);
  const plant = await startPlant(atOnce);
  try {
    const heaps: number[] = [];
    for (let runs = batch; runs <= 20 * batch; runs += batch) {
      await provision(plant, batch);
      plant.startOver();
      if (runs % (5 * batch) === 0) heaps.push((await plant.ask<number>({ ask: "heap" })) / 1_048_576);
    }
    const [first = Number.NaN, , , last = Number.NaN] = heaps;
    const goal = { better: "lower", atMost: 1.05, of: "ratio" } as const;
    return [
      compare(
        `provisioning: a worker's heap after ${20 * batch} runs`,
        "MiB",
        [last, first],
        `after ${5 * batch} runs`,
        goal,
      ),
    ];
  } finally {
    await plant.stop();
  }
}

/** Measures the processor time of a worker without work, once woken by the database and once polling it. */
export async function idle(size: Size) {
  const seconds = sized(size, 60, 2);
  const shares: number[] = [];
  for (const listen of [true, false]) {
    const plant = await startPlant(atOnce, listen);
    try {
      await provision(plant, sized(size, 10, 1));
      await plant.ask({ ask: "heap" });
      const before = await plant.ask<number>({ ask: "processor" });
      await sleep(seconds * 1_000);
      shares.push(((await plant.ask<number>({ ask: "processor" })) - before) / (10 * seconds));
    } finally {
      await plant.stop();
    }
  }
  const [listening = Number.NaN, polling = Number.NaN] = shares;
  return [
    compare("provisioning: processor time of an idle worker", "%", [listening, polling], "without LISTEN", {
      better: "lower",
      atMost: 1,
      of: "value",
    }),
  ];
}

/** Returns the seconds until all five services of `count` new tenants are active. */
async function provision(plant: Plant, count: number): Promise<number> {
  const made = await plant.newTenants(count);
  const started = performance.now();
  await plant.ask({ ask: "open", tenants: made });
  await plant.allEnded();
  return (performance.now() - started) / 1_000;
}

/** Returns the seconds of the connectors' sequential calls without a workflow. */
async function sequentially(plant: Plant, tenants: number): Promise<number> {
  const { configured } = createConnectors(z.object(connectorSettings).parse(plant.vendors));
  const { signal } = new AbortController();
  const started = performance.now();
  for (let tenant = 0; tenant < tenants; tenant++) {
    const subject = { tenantId: crypto.randomUUID(), businessName: `Empresa ${tenant}`, rut: "76086428-5" };
    for (const vendor of vendors)
      await ensure(configured[vendor] as Connector, subject, { signal, intents: memoryIntents() });
  }
  return (performance.now() - started) / 1_000;
}
