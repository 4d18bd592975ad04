import { type Vendor, vendors } from "@smarteros/connectors";
import { currentTraceparent, type Logger } from "@smarteros/core";
import { type QueueSettings, startWorker, type TaskStore, type Wake } from "@smarteros/queue";
import { startIntervalLoop } from "./interval-loop.ts";
import { drainEvents } from "./outbox.ts";
import { type PlannedStep, planSteps } from "./plan.ts";
import type { Installation, NewRun, ProvisioningStore, Run } from "./ports.ts";
import { pruneHandler, pruneTask } from "./prune.ts";
import { reconcileHandler, reconcilePage, reconcileTask } from "./reconcile.ts";
import { requestHandlers } from "./requests/handlers.ts";
import { stepHandlers } from "./run-step.ts";

export type ProvisionerOptions = {
  store: ProvisioningStore;
  tasks: TaskStore;
  /** Connectors of the configured vendors, and the missing settings of the others. */
  connectors: Installation;
  logger: Logger;
  /** Starts tasks immediately instead of within a second; the queue's `listenForTasks`. */
  wake?: Wake | undefined;
  /** Unique per process; never reused. */
  workerId?: string;
  /** Settings of the vendors' queues that replace those in the database. */
  queueSettings?: QueueSettings;
  /** Timeout of one attempt at a vendor in milliseconds; 60 s by default. */
  deadlineMs?: number;
  /** Maximum concurrent attempts per vendor in this process; 4 by default, which stays below the vendors' rate limits. */
  vendorConcurrency?: number;
  /** Polling interval of the queues, and of the outbox without `wake`, in milliseconds; 1 s by default. */
  pollEveryMs?: number;
};

export type Provisioner = {
  /** Opens a run with its tasks, or resolves to the open run of the same steps; undefined if the tenant does not exist. */
  provision(run: NewRun): Promise<Run | undefined>;
  /**
   * Plans provisioning by reading at the vendors, without opening a run. Resolves to undefined if the tenant does not
   * exist; rejects with `conflict` for a deleted tenant.
   */
  plan(tenantId: string, vendors: readonly Vendor[], signal: AbortSignal): Promise<PlannedStep[] | undefined>;
  /** Retries the failed steps of a run; undefined if there is no such run, it was cancelled or no step failed. */
  retry(runId: string): Promise<Run | undefined>;
  /** Cancels a run and removes the resources that it created; undefined if there is no such run or it has ended. */
  cancel(runId: string): Promise<Run | undefined>;
  /** Compares all services with their vendors now, stores the drift and repairs what needs no person. Resolves to the number of services compared and of those that differ. */
  reconcile(): Promise<{ compared: number; apart: number }>;
  /** Stops the worker. Tasks that run get `graceMs` to end, 10 s by default, then they go on in another worker, or in this one after its next start. */
  stop(graceMs?: number): Promise<void>;
};

const reportEveryMs = 30_000;
/** Polling interval of the outbox of a worker that hears of new events. */
const outboxEveryMs = 2_000;
const reconcileEveryMs = 3_600_000;
// A requester waits for the result, so many may run side by side.
const requestConcurrency = 8;

/** Starts a worker that provisions: it takes tasks from the database and calls the vendors. Needs outgoing connections only. */
export async function startProvisioner(options: ProvisionerOptions): Promise<Provisioner> {
  const { store, tasks, logger, workerId = `worker-${crypto.randomUUID()}` } = options;
  const { deadlineMs = 60_000, vendorConcurrency = 4, pollEveryMs = 1_000 } = options;
  const { queueSettings } = options;
  const parts = { store, connectors: options.connectors.configured, deadlineMs, logger };

  if (queueSettings) await Promise.all(vendors.map((vendor) => tasks.configure(vendor, queueSettings)));
  const worker = startWorker({
    store: tasks,
    workerId,
    logger,
    pollEveryMs,
    ...(options.wake ? { wake: options.wake } : {}),
    queues: {
      ...Object.fromEntries(
        vendors.map((vendor) => [
          vendor,
          { concurrency: vendorConcurrency, handlers: stepHandlers(parts, vendor) },
        ]),
      ),
      requests: {
        concurrency: requestConcurrency,
        handlers: requestHandlers({ store, connectors: options.connectors, logger }),
      },
      maintenance: {
        concurrency: 1,
        handlers: { reconcile: reconcileHandler(parts, reconcileEveryMs), prune: pruneHandler(tasks) },
      },
    },
  });

  const failing = (event: string) => (cause: unknown) => logger.error(event, { cause: String(cause) });
  const report = async () => {
    await store.report(workerId, options.connectors.resourceUrls);
    // Each is open once in all workers; enqueued again here in case it died.
    await tasks.enqueue([reconcileTask({}, reconcileEveryMs), pruneTask(0)]);
  };
  const reporting = startIntervalLoop(report, {
    everyMs: reportEveryMs,
    onError: failing("PROVISION_REPORT"),
  });
  const draining = startIntervalLoop(() => drainEvents({ store, logger }), {
    everyMs: options.wake ? outboxEveryMs : pollEveryMs,
    onError: failing("PROVISION_OUTBOX"),
  });
  // The channel of tasks carries the events of tenants under this name.
  options.wake?.onTask((queue) => queue === "tenant_events" && draining.wake());

  return {
    provision: (run) => store.open({ traceparent: currentTraceparent(), ...run }),

    async plan(tenantId, planned, signal) {
      const tenant = await store.tenant(tenantId);
      return tenant && planSteps(options.connectors, tenant, planned, signal);
    },

    retry: async (runId) => ((await store.retry(runId)) ? store.run(runId) : undefined),
    cancel: async (runId) => ((await store.cancel(runId)) ? store.run(runId) : undefined),

    async reconcile() {
      const total = { compared: 0, apart: 0 };
      for (let after: string | undefined; ; ) {
        const page = await reconcilePage(parts, { after, tenants: 50 }, "system");
        if (!page) return total;
        total.compared += page.compared;
        total.apart += page.found.length;
        after = page.last;
      }
    },

    async stop(graceMs) {
      await Promise.all([worker.stop(graceMs), reporting.stop(), draining.stop()]);
    },
  };
}
