/** Priorities, the most urgent first. A task of each may wait 0 s, 30 s, 5 min and 30 min behind a more urgent one. */
export const priorities = ["urgent", "high", "normal", "low"] as const;
export type Priority = (typeof priorities)[number];

export type NewTask = {
  /** A queue is created with its default settings by its first task. */
  queue: string;
  /** Selects the handler. */
  kind: string;
  /** A user's id, or `system`. */
  requestedBy: string;
  tenantId?: string | undefined;
  /** Shares the queue with other keys; the owner of the tenant if there is one, else `requestedBy` by default. */
  fairKey?: string | undefined;
  /** `normal` by default. */
  priority?: Priority | undefined;
  payload?: Record<string, unknown> | undefined;
  /** Immediately by default. */
  runAt?: Date | undefined;
  /** Milliseconds from now by the database's clock, where `runAt` is left out. */
  runAfterMs?: number | undefined;
  /** A task that has not started by then expires. */
  deadlineAt?: Date | undefined;
  /** That of the queue by default. */
  maxAttempts?: number | undefined;
  /** At most one open task of a queue has this key; enqueueing another returns the open one. */
  dedupeKey?: string | undefined;
  traceparent?: string | undefined;
};

export type TaskState = "scheduled" | "queued" | "running" | "succeeded" | "dead" | "cancelled" | "expired";

export type Task = {
  id: string;
  queue: string;
  kind: string;
  tenantId: string | null;
  requestedBy: string;
  priority: Priority;
  payload: Record<string, unknown>;
  state: TaskState;
  /** Claims so far, with the current one. */
  attempts: number;
  maxAttempts: number;
  progress: unknown;
  result: unknown;
  error: TaskProblem | null;
  parentId: string | null;
  traceparent: string | null;
};

/** A task of a claim, with the token that every later write has to show. */
export type ClaimedTask = Task & { claim: string };
type Held = Pick<ClaimedTask, "id" | "claim">;

/** What went wrong, without text from outside. The codes are stable; `remedy` is that of an operator's next action. */
export type TaskProblem = { code: string; message?: string | undefined; remedy?: string | undefined };

export type Completion = Held & { result?: unknown; followUps?: readonly NewTask[] | undefined };

export type Failure = {
  problem: TaskProblem;
  /** Whether another attempt may succeed. */
  retry: boolean;
  /** Milliseconds before another attempt, at least. */
  retryAfterMs?: number | undefined;
  /** Whether the other side is to blame for it, which opens the queue's circuit breaker after some in a row. */
  tripsBreaker?: boolean | undefined;
};

/** Settings of a queue. `null` removes a cap. */
export type QueueSettings = {
  /** Maximum concurrent tasks: in the queue, of one fair key, of one tenant, in one worker. */
  maxRunning?: number;
  maxPerKey?: number | null;
  maxPerTenant?: number | null;
  maxPerWorker?: number | null;
  /** Milliseconds after which a task without a renewal is claimed again. */
  leaseMs?: number;
  /** Milliseconds by which each open task of a fair key makes its next one due later. */
  sliceMs?: number;
  /** Claims of a task that sets no other maximum; 5 by default. */
  maxAttempts?: number;
  /** Milliseconds of the pause after the first failure, which doubles with each, and of the longest one; 2 s and 1 h by default. */
  retryPauseMs?: number;
  maxRetryPauseMs?: number;
  /** Failures in a row that open the circuit breaker, and milliseconds until one task tries again. */
  breakerFailures?: number;
  breakerPauseMs?: number;
};

/** Stores tasks in the database; its clock decides all times. Every method may reject with errors of the database. */
export type TaskStore = {
  /** Enqueues at most 1000 tasks in one transaction; resolves to their ids in order. */
  enqueue(tasks: readonly NewTask[]): Promise<string[]>;
  /** Resolves to those of the queues in which there is something to do now; a claim of the others finds nothing. */
  due(queues: readonly string[]): Promise<string[]>;
  /** Claims up to `limit` tasks, at most 100, in the order in which they are due. */
  claim(queue: string, workerId: string, limit: number): Promise<ClaimedTask[]>;
  /** Extends leases. Resolves to the tasks that are still held, with whether the cancellation of each was requested. */
  renew(held: readonly (Held & { progress?: unknown })[]): Promise<Map<string, { cancelled: boolean }>>;
  /** Ends tasks well and enqueues their follow-ups with it. Resolves to the ids of those with a valid token. */
  complete(ended: readonly Completion[]): Promise<Set<string>>;
  /** Ends an attempt. Resolves to the task's state, or to undefined when its token does not count. */
  fail(held: Held, failure: Failure): Promise<TaskState | undefined>;
  /** Gives a task back for a time, without counting the attempt. Resolves as `fail` does. */
  postpone(held: Held, forMs: number, progress?: unknown): Promise<TaskState | undefined>;
  /** Cancels a waiting task, or requests a running one to stop. Resolves to undefined when it is over. */
  cancel(id: string): Promise<Task | undefined>;
  read(id: string): Promise<Task | undefined>;
  /** Lines up dead tasks again, at most 1000 of them; only counts them with `dryRun`. */
  redrive(of: { queue: string; kind?: string; since?: Date; dryRun?: boolean }): Promise<number>;
  configure(queue: string, settings: QueueSettings): Promise<void>;
  pause(queue: string, paused: boolean): Promise<void>;
  /** Deletes up to 1000 tasks that ended before a date; resolves to their number. */
  prune(before?: Date): Promise<number>;
};
