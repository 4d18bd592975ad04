import { type Logger, withinTrace } from "@smarteros/core";
import { pause } from "@smarteros/core/pause";
import type { ClaimedTask, NewTask, TaskStore } from "./ports.ts";
import { Postponed, TaskError } from "./task-error.ts";

export type TaskContext = {
  /** Aborts when the task is cancelled, when another worker has it, and when the worker stops. */
  signal: AbortSignal;
  /** Sets what the row of the task shows as its progress, with the next renewal. */
  report(progress: unknown): void;
};

/**
 * Runs one attempt of a task. Resolves to its result and the tasks that follow it; throws `TaskError` or `Postponed`. May run
 * again after a crash at any point, so it has to be idempotent.
 */
export type Handler = (
  task: ClaimedTask,
  context: TaskContext,
) => Promise<{ result?: unknown; followUps?: readonly NewTask[] } | undefined>;

/** Calls a worker between two polls. */
export type Wake = {
  onTask(listener: (queue: string) => void): void;
  onCancel(listener: (taskId: string) => void): void;
};

export type WorkerOptions = {
  store: TaskStore;
  /** Unique per process; never reused. */
  workerId: string;
  /** Handlers by kind, and the maximum of concurrent tasks of this worker, by queue. */
  queues: Record<string, { concurrency: number; handlers: Record<string, Handler> }>;
  logger: Logger;
  wake?: Wake;
  /** Pause between two looks at the queues in milliseconds; 1 s by default. Retries start within it of their time. */
  pollEveryMs?: number;
  /** Interval of renewals in milliseconds, which also hear of cancellations; 1 s by default. */
  renewEveryMs?: number;
};

export type Worker = {
  /** Stops claiming and gives running tasks `graceMs` to end; after that they are aborted and given back. */
  stop(graceMs?: number): Promise<void>;
};

const stopped = new DOMException("The worker stops.", "AbortError");
const lost = new DOMException("Another worker has the task.", "AbortError");
const cancelled = new DOMException("The task was cancelled.", "AbortError");

type Running = { task: ClaimedTask; controller: AbortController; progress?: unknown; ended: Promise<void> };

/** Claims tasks of the queues and runs them until `stop`. Several workers share the queues through the database alone. */
export function startWorker(options: WorkerOptions): Worker {
  const { store, workerId, logger, wake, pollEveryMs = 1_000, renewEveryMs = 1_000 } = options;
  const running = new Map<string, Running>();
  const stopping = new AbortController();
  // Later than `stopping`: leases are renewed until the last task has ended.
  const finished = new AbortController();
  const bells = new Map<string, Bell>();

  const claiming = Object.entries(options.queues).map(([queue, settings]) => {
    const bell = createBell();
    bells.set(queue, bell);
    return claimLoop(queue, settings, bell);
  });
  wake?.onTask((queue) => bells.get(queue)?.ring());
  wake?.onCancel((id) => running.get(id)?.controller.abort(cancelled));
  const polling = pollLoop();
  const renewing = renewLoop();

  /** Asks once for all queues, so that an idle worker costs one request each time. */
  async function pollLoop() {
    while (!stopping.signal.aborted) {
      await pause(pollEveryMs, stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        for (const queue of await store.due([...bells.keys()])) bells.get(queue)?.ring();
      } catch (cause) {
        logger.error("QUEUE_POLL", { cause: String(cause) });
      }
    }
  }

  async function claimLoop(
    queue: string,
    { concurrency, handlers }: WorkerOptions["queues"][string],
    bell: Bell,
  ) {
    const own = new Set<string>();
    let isShort = false;
    while (!stopping.signal.aborted) {
      const free = concurrency - own.size;
      const claimed = free > 0 ? await claim(queue, free) : [];
      if (stopping.signal.aborted) return giveBack(claimed);
      isShort = claimed.length < free;
      for (const task of claimed) {
        own.add(task.id);
        // The next task may begin while the end of this one is stored.
        const worked = () => {
          own.delete(task.id);
          bell.ring();
        };
        // A cap of the database counts the task until then.
        void run(task, handlers[task.kind], worked).finally(() => isShort && bell.ring());
      }
      // A full batch means that more may wait; otherwise a new task, a free slot or the poll rings.
      if (claimed.length < free || free === 0) await bell.heard(stopping.signal);
    }
  }

  async function claim(queue: string, limit: number): Promise<ClaimedTask[]> {
    try {
      return await store.claim(queue, workerId, limit);
    } catch (cause) {
      logger.error("QUEUE_CLAIM", { queue, cause: String(cause) });
      return [];
    }
  }

  /** Gives tasks back that were claimed while the worker stopped. */
  async function giveBack(claimed: ClaimedTask[]): Promise<void> {
    await Promise.all(claimed.map((task) => store.postpone(task, 0))).catch((cause) =>
      logger.error("QUEUE_GIVE_BACK", { cause: String(cause) }),
    );
  }

  function run(task: ClaimedTask, handler: Handler | undefined, worked: () => void): Promise<void> {
    const controller = new AbortController();
    const entry: Running = { task, controller, ended: Promise.resolve() };
    const context = {
      signal: controller.signal,
      report(progress: unknown) {
        entry.progress = progress;
      },
    };
    entry.ended = withinTrace(task.traceparent ?? undefined, async () => {
      await end(task, controller.signal, () => (handler ?? unknownKind)(task, context).finally(worked));
    })
      .catch((cause) => logger.error("QUEUE_END", { taskId: task.id, cause: String(cause) }))
      .finally(() => running.delete(task.id));
    running.set(task.id, entry);
    return entry.ended;
  }

  /** Runs a handler and stores how it ended. When the database is away, the lease runs out and the task is claimed again. */
  async function end(task: ClaimedTask, signal: AbortSignal, work: () => ReturnType<Handler>): Promise<void> {
    let isDone = false;
    try {
      const { result, followUps } = (await work()) ?? {};
      isDone = true;
      const counted = await store.complete([{ id: task.id, claim: task.claim, result, followUps }]);
      if (!counted.has(task.id)) logger.error("QUEUE_LOST", { taskId: task.id, kind: task.kind });
    } catch (thrown) {
      if (signal.reason === lost) return;
      // What is done or may not be tried again is not given to another worker either.
      const isFinal = isDone || (thrown instanceof TaskError && !thrown.failure.retry);
      if (signal.reason === stopped && !isFinal) await store.postpone(task, 0);
      else if (thrown instanceof Postponed) await store.postpone(task, thrown.forMs, thrown.progress);
      else await fail(task, thrown);
    }
  }

  async function fail(task: ClaimedTask, thrown: unknown): Promise<void> {
    const failure =
      thrown instanceof TaskError ? thrown.failure : { problem: { code: "internal" }, retry: true };
    const state = await store.fail(task, failure);
    const { id: taskId, kind, attempts } = task;
    const cause = thrown instanceof TaskError ? undefined : String(thrown);
    logger.error("QUEUE_FAILED", { taskId, kind, attempts, state, code: failure.problem.code, cause });
  }

  async function renewLoop() {
    while (!finished.signal.aborted) {
      await pause(renewEveryMs, finished.signal);
      if (running.size === 0) continue;
      try {
        const held = [...running.values()];
        const renewed = await store.renew(
          held.map(({ task: { id, claim }, progress }) => ({ id, claim, progress })),
        );
        for (const { task, controller } of held) {
          const still = renewed.get(task.id);
          // A task that ended during the renewal is no longer held either.
          if (!still && running.has(task.id)) controller.abort(lost);
          else if (still?.cancelled) controller.abort(cancelled);
        }
      } catch (cause) {
        logger.error("QUEUE_RENEW", { cause: String(cause) });
      }
    }
  }

  return {
    async stop(graceMs = 10_000) {
      stopping.abort();
      await Promise.all([...claiming, polling]);
      const ended = Promise.all([...running.values()].map((entry) => entry.ended));
      const grace = new AbortController();
      await Promise.race([ended, pause(graceMs, grace.signal)]);
      grace.abort();
      for (const { controller } of running.values()) controller.abort(stopped);
      await ended;
      finished.abort();
      await renewing;
    },
  };
}

const unknownKind: Handler = async ({ kind }) => {
  throw new TaskError({ problem: { code: "unknown_kind", message: `No handler for ${kind}.` }, retry: true });
};

type Bell = ReturnType<typeof createBell>;

/** Creates a bell to wait for; a ring outside a wait ends the next one. */
function createBell() {
  let rung = Promise.withResolvers<void>();
  return {
    ring: () => rung.resolve(),
    async heard(stopping: AbortSignal): Promise<void> {
      const stop = () => rung.resolve();
      if (stopping.aborted) return;
      stopping.addEventListener("abort", stop, { once: true });
      await rung.promise;
      stopping.removeEventListener("abort", stop);
      rung = Promise.withResolvers<void>();
    },
  };
}
