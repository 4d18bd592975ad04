import { setTimeout as sleep } from "node:timers/promises";
import {
  type ConnectorSettings,
  connectorSettings,
  createConnectors,
  type Vendor,
  vendors,
} from "@smarteros/connectors";
import { type ProvisioningStore, startProvisioner } from "@smarteros/orchestration";
import { supabaseProvisioning } from "@smarteros/orchestration/supabase";
import { listenForTasks } from "@smarteros/queue/listen";
import { supabaseTasks } from "@smarteros/queue/supabase";
import { asService } from "@smarteros/supabase";
import * as z from "zod";

// A worker as in the backend, in a separate process, so that its memory is measured without the vendors' work.

export type WorkerSettings = {
  supabaseUrl: string;
  secretKey: string;
  databaseUrl: string;
  atOnce: number;
  /** Whether the database wakes the worker; else it polls. */
  listen: boolean;
  vendors: Record<string, string>;
};
/** `open` starts all runs together; `begin` starts them in turn and returns how long each waited for its first step. */
export type WorkerTask =
  | { ask: "open" | "begin"; tenants: string[]; only?: Vendor }
  | { ask: "heap" | "processor" };

const settings: WorkerSettings = JSON.parse(process.argv[2] ?? "");
const given: ConnectorSettings = z.object(connectorSettings).parse(settings.vendors);
const service = asService({ url: settings.supabaseUrl }, settings.secretKey);
const store = supabaseProvisioning(service);
const logger = {
  info: () => undefined,
  error: (event: string, fields: object) => process.stderr.write(`${event} ${JSON.stringify(fields)}\n`),
};
/** The start time of each run's first step. */
const begun = new Map<string, number>();
const timedStore: ProvisioningStore = {
  ...store,
  // The first thing that a step does.
  beginStep(task) {
    const id = String(task.payload.run_id);
    if (!begun.has(id)) begun.set(id, performance.now());
    return store.beginStep(task);
  },
};
const provisioner = await startProvisioner({
  store: timedStore,
  connectors: createConnectors(given),
  tasks: supabaseTasks(service),
  ...(settings.listen && { wake: listenForTasks(settings.databaseUrl, logger) }),
  vendorConcurrency: settings.atOnce,
  logger,
});
const open = (tenantId: string, only?: Vendor) =>
  provisioner.provision({
    tenantId,
    steps: (only ? [only] : vendors).map((vendor) => ({ vendor, action: "provision" })),
    requestedBy: "user_bench",
  });

/** Returns the milliseconds from the response until the first step begins; 0 when it began before. */
async function begin(tenantId: string): Promise<number> {
  const run = await open(tenantId);
  const respondedAt = performance.now();
  for (;;) {
    const first = begun.get(run?.id ?? "");
    if (first !== undefined) return Math.max(0, first - respondedAt);
    await sleep(1);
  }
}

process.on("message", async (task: WorkerTask) => {
  if (task.ask === "heap") {
    globalThis.gc?.();
    return process.send?.(process.memoryUsage().heapUsed);
  }
  if (task.ask === "processor") {
    const { user, system } = process.cpuUsage();
    return process.send?.((user + system) / 1_000);
  }
  begun.clear();
  if (task.ask === "open") await Promise.all(task.tenants.map((id) => open(id, task.only)));
  const waits: number[] = [];
  if (task.ask === "begin") for (const tenant of task.tenants) waits.push(await begin(tenant));
  process.send?.(waits);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
