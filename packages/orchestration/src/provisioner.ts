import { DBOS } from "@dbos-inc/dbos-sdk";
import type { Vendor } from "@smarteros/connectors";
import { currentTraceparent, type Logger, SmarterosError, withinTrace } from "@smarteros/core";
import { type PlannedStep, planStep } from "./dry-run.ts";
import { forgetEnded, openWorkflows, prepareEngine } from "./engine.ts";
import { vendorLines } from "./lines.ts";
import { findOrphans } from "./orphans.ts";
import { drainEvents } from "./outbox.ts";
import type { Installation, NewRun, ProvisioningStore, Run } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { keepAlive } from "./recovery.ts";
import { repeat } from "./repeat.ts";
import { defaultRetries, type RetryPolicy } from "./retry-policy.ts";
import { wakeUp, workOnRun } from "./work-on-run.ts";

export type ProvisionerOptions = {
  store: ProvisioningStore;
  /** The vendors that are set up, and what the others lack. */
  connectors: Installation;
  /** Where workflows keep their checkpoints: a database in which the role may make the schema `dbos`. */
  systemDatabaseUrl: string;
  logger: Logger;
  /** Different for every process that ever lives. */
  workerId?: string;
  retries?: RetryPolicy;
  /** Milliseconds that one attempt at a vendor may take; 60 s when left out. */
  deadlineMs?: number;
  /** Attempts at one vendor at once in this process; 4 when left out, which no vendor takes for a flood. */
  atOnce?: number;
  /** Milliseconds between two looks at the outbox; 1 s when left out. */
  eventsEveryMs?: number;
  /** Milliseconds between two signs of life; a worker silent for four times as long is dead. 5 s when left out. */
  beatEveryMs?: number;
  /** Milliseconds between two looks for runs that nobody works on; 30 s when left out. */
  orphansEveryMs?: number;
  /** When what is recorded is compared with the vendors, as cron has it; every hour when left out. */
  reconcileAt?: string;
  /** Days after which the engine forgets a workflow that ended; 30 when left out. What people read of runs stays. */
  keptDays?: number;
};

export type Provisioner = {
  /** Opens a run and starts it, or resolves to the open one for the same steps; undefined for no such tenant. */
  provision(run: NewRun): Promise<Run | undefined>;
  /**
   * What provisioning would do, by a look at the vendors; opens nothing. Undefined for no such tenant; rejects with
   * `conflict` for one that is deleted.
   */
  plan(tenantId: string, vendors: readonly Vendor[], signal: AbortSignal): Promise<PlannedStep[] | undefined>;
  /** Tries again what failed of a run, and nothing else; undefined where there is no such run or nothing failed. */
  retry(runId: string): Promise<Run | undefined>;
  /** Ends a run and undoes what it made; undefined where there is no such run or it is over. */
  cancel(runId: string): Promise<Run | undefined>;
  /** Compares all that is recorded with what the vendors have, and notes where they are apart. */
  reconcile(): Promise<{ compared: number; apart: number }>;
  /** Lets go of everything; what is under way goes on elsewhere, or here after the next start. */
  stop(): Promise<void>;
};

const queueName = "provision";
// Waiting costs a run nothing; what is under way at a vendor is limited for each vendor.
const runsAtOnce = 500;
// A person waits for it.
const planDeadlineMs = 8_000;
const dayMs = 86_400_000;

const workflowOf = (runId: string) => `run:${runId}`;

/** Starts the durable side of provisioning in this process. One per process: the engine keeps its registry globally. */
export async function startProvisioner(options: ProvisionerOptions): Promise<Provisioner> {
  const { store, logger, workerId = `worker-${crypto.randomUUID()}` } = options;
  const { retries = defaultRetries, deadlineMs = 60_000, atOnce = 4, keptDays = 30 } = options;
  const { configured: connectors } = options.connectors;
  const atVendor = vendorLines(atOnce);
  // Twice as many, so that nobody at a vendor waits for what another has to write down.
  const begun = vendorLines(atOnce * 2);
  const parts = { store, connectors, retries, deadlineMs, logger, atVendor, begun };

  const workflow = DBOS.registerWorkflow(
    // The queue is a hop at which a trace would end, and a restart is another.
    (runId: string, vendors: Vendor[], traceparent: string | null) =>
      withinTrace(traceparent ?? undefined, () => workOnRun(parts, runId, vendors)),
    { name: "workOnRun", maxRecoveryAttempts: 50 },
  );
  const compare = () => reconcile({ ...parts, atVendor: (vendor, work) => atVendor(vendor, work, "later") });
  const comparing = DBOS.registerWorkflow(
    async (_at: Date, _context: unknown) => void (await DBOS.runStep(compare, { name: "compare" })),
    { name: "reconcile" },
  );
  const forgetting = DBOS.registerWorkflow(
    async (at: Date, _context: unknown) => {
      const before = new Date(at.getTime() - keptDays * dayMs);
      await DBOS.runStep(() => forgetEnded(before), { name: "forget" });
    },
    { name: "forgetWorkflows" },
  );

  await store.beat(workerId);
  await prepareEngine(options.systemDatabaseUrl, workerId, logger);
  await DBOS.launch();
  // By a queue, because it hands a workflow to one worker: two that start the same one by itself would both run it.
  await DBOS.registerQueue(queueName, { workerConcurrency: runsAtOnce, minPollingIntervalMs: 100 });
  await DBOS.applySchedules([
    { scheduleName: "reconcile", workflowFn: comparing, schedule: options.reconcileAt ?? "17 * * * *" },
    { scheduleName: "forget-workflows", workflowFn: forgetting, schedule: "43 3 * * *" },
  ]);

  async function start(run: Run, vendors: Vendor[], workflowID: string): Promise<Run> {
    const traceparent = currentTraceparent() ?? null;
    await DBOS.startWorkflow(workflow, { workflowID, queueName })(run.id, vendors, traceparent);
    return run;
  }

  const open = async (given: NewRun) => {
    const run = await store.open(given);
    return run && start(run, vendorsOf(run), workflowOf(run.id));
  };
  const resume = (run: Run, name: string) => start(run, vendorsOf(run), `${workflowOf(run.id)}:${name}`);
  const failing = (event: string) => (cause: unknown) => logger.error(event, { cause: String(cause) });
  const loops = [
    keepAlive({ store, workerId, logger, everyMs: options.beatEveryMs ?? 5_000 }),
    repeat(() => drainEvents({ store, open, logger }), {
      everyMs: options.eventsEveryMs ?? 1_000,
      onError: failing("PROVISION_OUTBOX"),
    }),
    repeat(findOrphans({ store, workflowOf, resume, logger }), {
      everyMs: options.orphansEveryMs ?? 30_000,
      onError: failing("PROVISION_ORPHANS"),
    }),
  ];

  return {
    provision: open,

    async plan(tenantId, vendors, signal) {
      const tenant = await store.tenant(tenantId);
      if (!tenant) return undefined;
      if (!tenant.active)
        throw new SmarterosError("conflict", "The tenant is deleted. Restore it before provisioning.");
      const limit = { signal, deadlineMs: Math.min(deadlineMs, planDeadlineMs) };
      return Promise.all(vendors.map((vendor) => planStep(options.connectors, tenant, vendor, limit)));
    },

    async retry(runId) {
      const before = await store.run(runId);
      if (!before || !(await store.retry(runId))) return undefined;
      const run = await store.run(runId);
      const failed = before.steps.filter(({ state }) => state === "failed");
      return (
        run &&
        start(
          run,
          failed.map(({ vendor }) => vendor),
          `${workflowOf(runId)}:after:${attemptsOf(before)}`,
        )
      );
    },

    async cancel(runId) {
      if (!(await store.cancel(runId))) return undefined;
      const run = await store.run(runId);
      const workflows = await openWorkflows([workflowOf(runId)]);
      await Promise.all(workflows.map((id) => DBOS.send(id, true, wakeUp)));
      // Nobody works on it, so nobody would undo it.
      if (run && workflows.length === 0) await start(run, [], `${workflowOf(runId)}:undo`);
      return run;
    },

    reconcile: compare,

    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await DBOS.shutdown();
    },
  };
}

const vendorsOf = (run: Run) => run.steps.map(({ vendor }) => vendor);
const attemptsOf = (run: Run) => run.steps.reduce((sum, { attempts }) => sum + attempts, 0);
