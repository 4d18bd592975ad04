import { setTimeout as sleep } from "node:timers/promises";
import { DBOS } from "@dbos-inc/dbos-sdk";
import type { Vendor } from "@smarteros/connectors";
import type { Logger } from "@smarteros/core";
import PQueue from "p-queue";
import type { Connectors } from "./attempt.ts";
import { drainEvents } from "./outbox.ts";
import type { NewRun, ProvisioningStore, Run } from "./ports.ts";
import { keepAlive } from "./recovery.ts";
import { repeat } from "./repeat.ts";
import { defaultRetries, type RetryPolicy } from "./retry-policy.ts";
import { wakeUp, workOnRun } from "./work-on-run.ts";

export type ProvisionerOptions = {
  store: ProvisioningStore;
  connectors: Connectors;
  /** Where workflows keep their checkpoints: a database in which the role may make the schema `dbos`. */
  systemDatabaseUrl: string;
  logger: Logger;
  /** Different for every process that ever lives. */
  workerId?: string;
  retries?: RetryPolicy;
  /** Milliseconds that one attempt at a vendor may take; 60 s when left out. */
  deadlineMs?: number;
  /** Attempts at one vendor at once in this process; 8 when left out. */
  atOnce?: number;
  /** Milliseconds between two looks at the outbox; 1 s when left out. */
  eventsEveryMs?: number;
  /** Milliseconds between two signs of life; a worker silent for four times as long is dead. 5 s when left out. */
  beatEveryMs?: number;
};

export type Provisioner = {
  /** Opens a run and starts it, or resolves to the open one for the same steps; undefined for no such tenant. */
  provision(run: NewRun): Promise<Run | undefined>;
  /** Tries again what failed of a run, and nothing else; undefined where there is no such run or nothing failed. */
  retry(runId: string): Promise<Run | undefined>;
  /** Ends a run and undoes what it made; undefined where there is no such run or it is over. */
  cancel(runId: string): Promise<Run | undefined>;
  /** Lets go of everything; what is under way goes on elsewhere, or here after the next start. */
  stop(): Promise<void>;
};

const queueName = "provision";
// Waiting costs a run nothing; what is under way at a vendor is limited for each vendor.
const runsAtOnce = 500;

const workflowOf = (runId: string) => `run:${runId}`;

/** Starts the durable side of provisioning in this process. One per process: the engine keeps its registry globally. */
export async function startProvisioner(options: ProvisionerOptions): Promise<Provisioner> {
  const { store, connectors, logger, workerId = `worker-${crypto.randomUUID()}`, atOnce = 8 } = options;
  const lines = new Map<Vendor, PQueue>();
  const limited = <T>(vendor: Vendor, work: () => Promise<T>): Promise<T> => {
    const line = lines.get(vendor) ?? new PQueue({ concurrency: atOnce });
    lines.set(vendor, line);
    return line.add(work);
  };
  const { retries = defaultRetries, deadlineMs = 60_000 } = options;
  const parts = { store, connectors, retries, deadlineMs, logger, limited };
  const workflow = DBOS.registerWorkflow(
    (runId: string, vendors: Vendor[]) => workOnRun(parts, runId, vendors),
    { name: "workOnRun", maxRecoveryAttempts: 50 },
  );
  DBOS.setConfig({
    name: "smarteros",
    systemDatabaseUrl: options.systemDatabaseUrl,
    // A pinned version: a deployment takes up what the one before it left.
    applicationVersion: "1",
    executorID: workerId,
    logger: engineLog(logger),
  });
  await store.beat(workerId);
  await prepare(options.systemDatabaseUrl);
  await DBOS.launch();
  // By a queue, because it hands a workflow to one worker: two that start the same one by itself would both run it.
  await DBOS.registerQueue(queueName, { workerConcurrency: runsAtOnce, minPollingIntervalMs: 100 });

  async function start(run: Run, vendors: Vendor[], workflowID: string): Promise<Run> {
    await DBOS.startWorkflow(workflow, { workflowID, queueName })(run.id, vendors);
    return run;
  }

  const open = async (given: NewRun) => {
    const run = await store.open(given);
    return run && start(run, vendorsOf(run), workflowOf(run.id));
  };
  const alive = keepAlive({ store, workerId, logger, everyMs: options.beatEveryMs ?? 5_000 });
  const outbox = repeat(() => drainEvents({ store, open, logger }), {
    everyMs: options.eventsEveryMs ?? 1_000,
    onError: (cause) => logger.error("PROVISION_OUTBOX", { cause: String(cause) }),
  });

  return {
    provision: open,

    async retry(runId) {
      const before = await store.run(runId);
      if (!before || !(await store.retry(runId))) return undefined;
      const run = await store.run(runId);
      const failed = before.steps.filter(({ state }) => state === "failed");
      const attempts = before.steps.reduce((sum, step) => sum + step.attempts, 0);
      return (
        run &&
        start(
          run,
          failed.map(({ vendor }) => vendor),
          `${workflowOf(runId)}:after:${attempts}`,
        )
      );
    },

    async cancel(runId) {
      if (!(await store.cancel(runId))) return undefined;
      await DBOS.send(workflowOf(runId), true, wakeUp).catch(() => undefined);
      return store.run(runId);
    },

    async stop() {
      await Promise.all([outbox.stop(), alive.stop()]);
      await DBOS.shutdown();
    },
  };
}

/**
 * Brings the engine's tables about. Its migrations take no lock, so that of two workers who are the first ever one may be
 * thrown out by a deadlock: by the next try the other is through.
 */
async function prepare(systemDatabaseUrl: string, tries = 5): Promise<void> {
  try {
    await DBOS.migrate(systemDatabaseUrl);
  } catch (cause) {
    if (tries <= 1) throw cause;
    await sleep(200 + Math.random() * 800);
    await prepare(systemDatabaseUrl, tries - 1);
  }
}

const vendorsOf = (run: Run) => run.steps.map(({ vendor }) => vendor);

/** The engine's own log: what goes wrong, in our lines. */
function engineLog(logger: Logger) {
  const error = (message: unknown) => logger.error("WORKFLOW_ENGINE", { message: String(message) });
  const silent = () => undefined;
  return { debug: silent, info: silent, warn: silent, error };
}
