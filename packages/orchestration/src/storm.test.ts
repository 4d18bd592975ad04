import { setTimeout as sleep } from "node:timers/promises";
import { type Vendor, vendors } from "@smarteros/connectors";
import type { FaultInput, SandboxCall } from "@smarteros/connectors/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOwnProject } from "./own-project.fixture.ts";
import { type Plant, startPlant } from "./plant.fixture.ts";
import { whole } from "./sandboxes.fixture.ts";
import { leaseMs, type Worker, workersOn } from "./workers.fixture.ts";

// Everything goes wrong in the same run: vendors commit late, lose responses and cut their lists, workers are killed, one is
// suspended again and again, and the clock of one is 60 s ahead. A creation takes effect up to 3 s
// after it was given up, for 90 s in the product. STORM=200 runs it with as many tenants and 20 kills.
const tenants = Number(process.env.STORM ?? 6);
const kills = Math.ceil(tenants / 10);
const maxLateMs = 3_000;
const settleAfterMs = 2 * maxLateMs;
const maxMs = 120_000 + tenants * 5_000;

let project: Awaited<ReturnType<typeof startOwnProject>>;
let plant: Plant;
let workers: ReturnType<typeof workersOn>;
beforeAll(async () => {
  project = await startOwnProject();
  plant = await startPlant(project);
  workers = workersOn(project, plant.sandbox);
});
afterAll(async () => {
  plant.sandbox.watch(() => undefined);
  await workers.killAll();
  await plant.stop();
  await project.stop();
});

test(
  "no tenant gets a second resource, and at most a list that may lag needs a person",
  async () => {
    const { sandbox, database } = plant;
    let faults = 0;
    sandbox.watch((call) => {
      const fault = call.phase === "arrived" ? faultFor(call) : undefined;
      if (!fault) return;
      faults++;
      sandbox.vendors[call.vendor].faults.add({ ...fault, method: call.method as "GET", path: call.path });
    });
    const runs = await Promise.all(
      Array.from({ length: tenants }, async () => plant.runOf(await database.newTenant())),
    );
    const ahead = await workers.start({ settleAfterMs, clockAheadMs: 60_000 });
    let mortal: Worker = await workers.start({ settleAfterMs });
    let areEnded = false;
    const trouble = (async () => {
      for (let killed = 0; !areEnded; killed++) {
        await sleep(500 + Math.random() * 2_500);
        if (killed < kills) {
          await mortal.kill();
          mortal = await workers.start({ settleAfterMs });
        }
        await sleep(Math.random() * 500);
        // Longer than a lease, so that what it had begun is taken by another worker.
        ahead.signal("SIGSTOP");
        await sleep(leaseMs + Math.random() * 2_000);
        ahead.signal("SIGCONT");
      }
      return mortal;
    })();
    const ended = await Promise.all(runs.map(({ id }) => plant.ended(id, maxMs))).catch(async (cause) => {
      const tasks = await database.superuser`
        select queue, state, count(*)::int, max(attempts) as attempts, max(run_at - now())::text as due,
          max(lease_until - now())::text as lease
        from public.tasks where queue <> 'maintenance' group by queue, state order by 1, 2`;
      throw new Error(`Not over after ${maxMs} ms: ${JSON.stringify(tasks)}`, { cause });
    });
    areEnded = true;
    await trouble;
    await sleep(maxLateMs);

    const steps = ended.flatMap((run) => run.steps.map((step) => ({ ...step, tenantId: run.tenantId })));
    const stops = steps.filter(({ error }) => error?.remedy === "confirm_creation");
    const failed = steps.filter((step) => step.state !== "succeeded" && !stops.includes(step));
    const open = new Set([...stops, ...failed].map(({ tenantId, vendor }) => `${tenantId} ${vendor}`));
    const held = (tenantId: string, vendor: Vendor) =>
      sandbox.of(tenantId).filter((resource) => resource.startsWith(`${vendor} `));
    const one = (vendor: Vendor) => whole.filter((resource) => resource.startsWith(`${vendor} `));
    process.stdout.write(
      `${tenants} tenants, ${kills} kills, ${faults} faults: ${steps.length - stops.length - failed.length} of ` +
        `${steps.length} steps ended alone; to confirm: ${JSON.stringify(countBy(stops))}; failed: ${JSON.stringify(countBy(failed))}\n`,
    );
    for (const { tenantId } of runs)
      for (const vendor of vendors)
        if (!open.has(`${tenantId} ${vendor}`)) expect(held(tenantId, vendor)).toEqual(one(vendor));
        else expect(held(tenantId, vendor).length).toBeLessThanOrEqual(one(vendor).length);
    expect(stops.filter(({ vendor }) => vendor === "odoo")).toEqual([]);
    // The attempts of a step may run out in this weather; a person then retries it.
    const consistent = [...stops, ...failed].filter(({ vendor }) => vendor !== "botpress");
    expect(consistent.length).toBeLessThanOrEqual(Math.max(2, 0.05 * 4 * tenants));
    expect(faults).toBeGreaterThan(tenants);
  },
  maxMs + 60_000,
);

const countBy = (steps: { vendor: Vendor }[]) =>
  Object.fromEntries(
    Object.entries(Object.groupBy(steps, ({ vendor }) => vendor)).map(([vendor, of]) => [vendor, of?.length]),
  );

/** Chooses a fault for a call, or none. */
function faultFor({ method, path }: SandboxCall): Pick<FaultInput, "fault" | "ms"> | undefined {
  const number = Math.random();
  if (method === "GET" || path.endsWith("/search_read")) {
    if (number < 0.03) return { fault: "cut" };
    return number < 0.06 && isList(path) ? { fault: "short_list" } : undefined;
  }
  if (number < 0.1) return { fault: "late_commit", ms: Math.floor(Math.random() * maxLateMs) };
  if (number > 0.2) return undefined;
  const lost = ["reset_after_commit", "error_after_commit", "cut", "reset"] as const;
  return { fault: lost[Math.floor(Math.random() * lost.length)] ?? "reset" };
}

/** Lists that may lack rows. Metabase's list of collections has no total, so that it has to be believed. */
const isList = (path: string) => /\/(inboxes|bots|search_read|tags|workflows|items|search)$/.test(path);
