import { DBOS } from "@dbos-inc/dbos-sdk";
import type { Vendor } from "@smarteros/connectors";
import { currentTraceparent, type Logger, SmarterosError, withinTrace } from "@smarteros/core";
import { deleteEndedWorkflows, openWorkflows, prepareEngine } from "./engine.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { startIntervalLoop } from "./interval-loop.ts";
import { resumeOrphanedRuns } from "./orphaned-runs.ts";
import { drainEvents } from "./outbox.ts";
import { type PlannedStep, planStep } from "./plan.ts";
import type { Installation, NewRun, ProvisioningStore, Run } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { defaultRetries, type RetryPolicy } from "./retry-policy.ts";
import { runWorkflow, wakeUp } from "./run-workflow.ts";
import { createVendorQueue } from "./vendor-queue.ts";

export type ProvisionerOptions = {
  store: ProvisioningStore;
  /** Connectors of the configured vendors, and the missing settings of the others. */
  connectors: Installation;
  /** Database in which workflows store their checkpoints; its role may create the schema `dbos`. */
  systemDatabaseUrl: string;
  logger: Logger;
  /** Unique per process; never reused. */
  workerId?: string;
  retries?: RetryPolicy;
  /** Timeout of one attempt at a vendor in milliseconds; 60 s by default. */
  deadlineMs?: number;
  /** Maximum concurrent attempts per vendor in this process; 4 by default, which stays below the vendors' rate limits. */
  vendorConcurrency?: number;
  /** Polling interval of the outbox in milliseconds; 1 s by default. */
  eventsEveryMs?: number;
  /** Interval of the heartbeat in milliseconds; 5 s by default. A worker is dead after four missed heartbeats. */
  heartbeatEveryMs?: number;
  /** Interval of the check for orphaned runs in milliseconds; 30 s by default. */
  orphanedRunsEveryMs?: number;
  /** Cron expression of the comparison with the vendors; hourly by default. */
  reconcileAt?: string;
  /** Days after which an ended workflow is deleted from the engine; 30 by default. Stored runs stay. */
  workflowTtlDays?: number;
};

export type Provisioner = {
  /** Opens and starts a run, or resolves to the open run of the same steps; undefined if the tenant does not exist. */
  provision(run: NewRun): Promise<Run | undefined>;
  /**
   * Plans provisioning by reading at the vendors, without opening a run. Resolves to undefined if the tenant does not
   * exist; rejects with `conflict` for a deleted tenant.
   */
  plan(tenantId: string, vendors: readonly Vendor[], signal: AbortSignal): Promise<PlannedStep[] | undefined>;
  /** Retries the failed steps of a run; undefined if there is no such run or no step failed. */
  retry(runId: string): Promise<Run | undefined>;
  /** Cancels a run and removes the resources that it created; undefined if there is no such run or it has ended. */
  cancel(runId: string): Promise<Run | undefined>;
  /** Compares all recorded services with the vendors and stores the drift. */
  reconcile(): Promise<{ compared: number; apart: number }>;
  /** Stops the worker. Open workflows continue in another worker, or in this one after its next start. */
  stop(): Promise<void>;
};

const queueName = "provision";
// High, because most runs only wait: calls are limited per vendor.
const runConcurrency = 500;
// A user waits for the response.
const planDeadlineMs = 8_000;
const dayMs = 86_400_000;

const workflowOf = (runId: string) => `run:${runId}`;

/** Starts a provisioning worker in this process. One per process, because the engine's registry is global. */
export async function startProvisioner(options: ProvisionerOptions): Promise<Provisioner> {
  const { store, logger, workerId = `worker-${crypto.randomUUID()}` } = options;
  const {
    retries = defaultRetries,
    deadlineMs = 60_000,
    vendorConcurrency = 4,
    workflowTtlDays = 30,
  } = options;
  const { configured: connectors } = options.connectors;
  const vendorQueue = createVendorQueue(vendorConcurrency);
  // Twice as many, so that calls of a vendor do not wait while other attempts store their outcomes.
  const attemptQueue = createVendorQueue(vendorConcurrency * 2);
  const parts = { store, connectors, retries, deadlineMs, logger, vendorQueue, attemptQueue };

  const workflow = DBOS.registerWorkflow(
    // The traceparent is an argument because the trace would end at the queue and at a restart.
    (runId: string, vendors: Vendor[], traceparent: string | null) =>
      withinTrace(traceparent ?? undefined, () => runWorkflow(parts, runId, vendors)),
    { name: "workOnRun", maxRecoveryAttempts: 50 },
  );
  const compare = () =>
    reconcile({ ...parts, vendorQueue: (vendor, work) => vendorQueue(vendor, work, "low") });
  const comparing = DBOS.registerWorkflow(
    async (_at: Date, _context: unknown) => void (await DBOS.runStep(compare, { name: "compare" })),
    { name: "reconcile" },
  );
  const forgetting = DBOS.registerWorkflow(
    async (at: Date, _context: unknown) => {
      const before = new Date(at.getTime() - workflowTtlDays * dayMs);
      await DBOS.runStep(() => deleteEndedWorkflows(before), { name: "forget" });
    },
    { name: "forgetWorkflows" },
  );

  await store.heartbeat(workerId);
  await prepareEngine(options.systemDatabaseUrl, workerId, logger);
  await DBOS.launch();
  // Through a queue, which gives a workflow to one worker: two workers that start the same one directly would both run it.
  await DBOS.registerQueue(queueName, { workerConcurrency: runConcurrency, minPollingIntervalMs: 100 });
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
    startHeartbeat({ store, workerId, logger, everyMs: options.heartbeatEveryMs ?? 5_000 }),
    startIntervalLoop(() => drainEvents({ store, open, logger }), {
      everyMs: options.eventsEveryMs ?? 1_000,
      onError: failing("PROVISION_OUTBOX"),
    }),
    startIntervalLoop(resumeOrphanedRuns({ store, workflowOf, resume, logger }), {
      everyMs: options.orphanedRunsEveryMs ?? 30_000,
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
      // Without an open workflow, a new one has to undo the run.
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
