import { type Vendor, vendors } from "@smarteros/connectors";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Plant, startPlant } from "./plant.fixture.ts";
import { whole } from "./sandboxes.fixture.ts";
import type { StorePlace } from "./worker.fixture.ts";
import { type Worker, workersOn } from "./workers.fixture.ts";

const isRead = ({ method, path }: { method: string; path: string }) =>
  method === "GET" || path.endsWith("/search_read");

/** All calls of a run that change a vendor, in order per vendor. */
const writes = {
  chatwoot: ["POST /api/v1/accounts/1/inboxes"],
  botpress: ["POST /v1/admin/bots"],
  odoo: ["POST /json/2/res.company/create"],
  n8n: [
    "POST /api/v1/tags",
    "POST /api/v1/workflows",
    "PUT /api/v1/workflows/:id/tags",
    "POST /api/v1/workflows/:id/activate",
  ],
  metabase: ["POST /api/collection", "POST /api/dashboard/:id/copy", "PUT /api/dashboard/:id"],
} satisfies Record<Vendor, string[]>;
const nameOf = ({ method, path }: { method: string; path: string }) =>
  `${method} ${path.replace(/(?<=workflows\/|dashboard\/)\w+/, ":id")}`;

type VendorPlace = { vendor: Vendor; write: string; phase: "before" | "after" };
const atVendors = vendors.flatMap((vendor) =>
  writes[vendor].flatMap((write) =>
    (["before", "after"] as const).map((phase): [string, VendorPlace] => [
      `${phase} ${vendor} ${write}`,
      { vendor, write, phase },
    ]),
  ),
);
/** All kinds of places between two database calls, and the ends of the first and the last vendor. */
const inDatabase: [string, StorePlace][] = [
  ["after a task was claimed", { call: "claim", nth: 1, phase: "after" }],
  ["after all tasks were claimed", { call: "claim", nth: 5, phase: "after" }],
  ["before a step is begun", { call: "beginStep", nth: 1, phase: "before" }],
  ["after a step was begun", { call: "beginStep", nth: 1, phase: "after" }],
  ["before the last step calls its vendor", { call: "beginStep", nth: 5, phase: "after" }],
  ...(["chatwoot", "metabase"] as const).flatMap((vendor): [string, StorePlace][] => [
    [`before the end of ${vendor} is written`, { call: "complete", nth: 1, vendor, phase: "before" }],
    [`after the end of ${vendor} was written`, { call: "complete", nth: 1, vendor, phase: "after" }],
  ]),
  ["after all steps have ended", { call: "complete", nth: 5, phase: "after" }],
];

/** Tests that a run succeeds on the next worker, another one or the same one restarted, when its worker is killed at each place. */
export function killAtEachPlace(next: "another worker" | "the same worker, started again") {
  let plant: Plant;
  let database: Plant["database"];
  let sandbox: Plant["sandbox"];
  let workers: ReturnType<typeof workersOn>;
  // The worker that ended the last run is killed next.
  let worker: Worker;
  beforeAll(async () => {
    plant = await startPlant(inject("embedded"));
    ({ database, sandbox } = plant);
    workers = workersOn(plant.project, sandbox);
    worker = await workers.start();
  });
  afterAll(async () => {
    sandbox.watch(() => undefined);
    await workers.killAll();
    await plant.stop();
  });

  test("the list of places contains all writes of a run at the vendors", async () => {
    const from = sandbox.calls.length;
    const { id } = await plant.runOf(await database.newTenant());
    await plant.succeeded(id);
    const seen = sandbox.calls.slice(from).filter((call) => call.phase === "arrived" && !isRead(call));
    for (const vendor of vendors)
      expect(seen.filter((call) => call.vendor === vendor).map(nameOf)).toEqual(writes[vendor]);
  });

  test.each(atVendors)("%s", (_, place) => killedAt(place, undefined), 60_000);
  test.each(inDatabase)("%s", (_, place) => killedAt(undefined, place), 60_000);

  async function killedAt(atVendor: VendorPlace | undefined, dieAt: StorePlace | undefined) {
    const tenantId = await database.newTenant();
    const [first, from] = [worker, sandbox.calls.length];
    if (atVendor) killAt(first, atVendor);
    if (dieAt) await first.dieAt(dieAt);
    const run = await plant.runOf(tenantId);
    await first.exited;
    sandbox.watch(() => undefined);

    const before = await database.store.run(run.id);
    const seen = sandbox.calls.length;
    await database.endLeases(first.id);
    worker = await workers.start(next === "another worker" ? {} : { id: first.id });
    await plant.succeeded(run.id);
    expect((await database.tasksOf(run.id)).map(({ state }) => state)).toEqual(
      vendors.map(() => "succeeded"),
    );

    expect(sandbox.of(tenantId)).toEqual(whole);
    const after = await database.store.run(run.id);
    expect(after?.steps.map(({ duplicates }) => duplicates)).toEqual(vendors.map(() => []));
    const done = before?.steps.filter(({ state }) => state === "succeeded") ?? [];
    for (const step of done) {
      expect(after?.steps).toContainEqual(step);
      expect(sandbox.calls.slice(seen).filter(({ vendor }) => vendor === step.vendor)).toEqual([]);
    }
    expect(sandbox.calls.length).toBeGreaterThan(from);
  }

  /** Kills the worker at a call: `before` it takes effect, or `after`, when the response is lost. */
  function killAt(victim: Worker, { vendor, write, phase }: VendorPlace) {
    sandbox.watch(async (call) => {
      if (call.vendor !== vendor || nameOf(call) !== write) return;
      if ((call.phase === "arrived") !== (phase === "before")) return;
      sandbox.watch(() => undefined);
      if (phase === "before")
        sandbox.vendors[vendor].faults.add({ fault: "reset", method: call.method as "POST" });
      await victim.kill();
    });
  }
}
