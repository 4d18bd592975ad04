import { type Connector, connectorSettings, createConnectors, ensure, vendors } from "@smarteros/connectors";
import { memoryIntents } from "@smarteros/connectors/testing";
import * as z from "zod";
import { compare, median } from "./measure.ts";
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
