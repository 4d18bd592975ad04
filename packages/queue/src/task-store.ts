import type { Database } from "@smarteros/supabase";
import {
  type ClaimedTask,
  type NewTask,
  priorities,
  type QueueSettings,
  type Task,
  type TaskStore,
} from "./ports.ts";
import { type TaskRow, taskFrom } from "./rows.ts";

type Functions = Database["public"]["Functions"];

/** Calls the functions of the queue in the database, as a role that may. */
export type Caller = {
  call<Name extends keyof Functions>(
    name: Name,
    args: Functions[Name]["Args"],
  ): Promise<Functions[Name]["Returns"]>;
  /** Resolves to the row of a task, if there is one. */
  row(id: string): Promise<TaskRow | undefined>;
};

/** Makes a store of tasks from a caller of the database. */
export function taskStore({ call, row }: Caller): TaskStore {
  return {
    async enqueue(tasks) {
      const rows = await call("enqueue_tasks", { p_tasks: tasks.map(rowOf) as never });
      return rows.map(({ id }) => id);
    },

    due: (queues) => call("due_queues", { p_queues: [...queues] }),

    async claim(queue, workerId, limit) {
      const rows = await call("claim_tasks", { p_queue: queue, p_worker: workerId, p_limit: limit });
      return rows.map(claimedFrom);
    },

    async renew(held) {
      const p_running = held.map(({ id, claim, progress }) => ({ id, claim, progress })) as never;
      const rows = await call("renew_tasks", { p_running });
      return new Map(rows.map(({ id, cancelled }) => [id, { cancelled }]));
    },

    async complete(ended) {
      const p_ended = ended.map(({ id, claim, result, followUps = [] }) => ({
        id,
        claim,
        result,
        follow_ups: followUps.map(rowOf),
      })) as never;
      return new Set(await call("complete_tasks", { p_ended }));
    },

    async fail({ id, claim }, { problem, retry, retryAfterMs = 0, tripsBreaker = false }) {
      const rows = await call("fail_task", {
        p_id: id,
        p_claim: claim,
        p_error: problem as never,
        p_retry: retry,
        p_retry_after: interval(retryAfterMs),
        p_trips_breaker: tripsBreaker,
      });
      return first(rows)?.state;
    },

    async postpone({ id, claim }, forMs, progress) {
      const rows = await call("postpone_task", {
        p_id: id,
        p_claim: claim,
        p_for: interval(forMs),
        ...(progress === undefined ? {} : { p_progress: progress as never }),
      });
      return first(rows)?.state;
    },

    cancel: async (id) => first(await call("cancel_task", { p_id: id })),

    async read(id) {
      const found = await row(id);
      return found && taskFrom(found);
    },

    redrive: ({ queue, kind, since, dryRun = false }) =>
      call("redrive_tasks", {
        p_queue: queue,
        p_dry_run: dryRun,
        ...(kind === undefined ? {} : { p_kind: kind }),
        ...(since === undefined ? {} : { p_since: since.toISOString() }),
      }),

    async configure(queue, settings) {
      await call("configure_queue", { p_name: queue, p_settings: settingsOf(settings) as never });
    },

    async pause(queue, paused) {
      await call("pause_queue", { p_name: queue, p_paused: paused });
    },

    prune: (before) => call("prune_tasks", before ? { p_before: before.toISOString() } : {}),
  };
}

const first = (rows: TaskRow[]): Task | undefined => rows[0] && taskFrom(rows[0]);

function claimedFrom(row: TaskRow): ClaimedTask {
  if (row.claim === null) throw new Error("the database claimed a task without a token");
  return { ...taskFrom(row), claim: row.claim };
}

function rowOf(task: NewTask) {
  return {
    queue: task.queue,
    kind: task.kind,
    requested_by: task.requestedBy,
    tenant_id: task.tenantId,
    fair_key: task.fairKey,
    priority: task.priority && priorities.indexOf(task.priority),
    payload: task.payload,
    run_at: task.runAt?.toISOString(),
    run_after: task.runAfterMs === undefined ? undefined : interval(task.runAfterMs),
    deadline_at: task.deadlineAt?.toISOString(),
    max_attempts: task.maxAttempts,
    dedupe_key: task.dedupeKey,
    traceparent: task.traceparent,
  };
}

function settingsOf({
  leaseMs,
  sliceMs,
  retryPauseMs,
  maxRetryPauseMs,
  breakerPauseMs,
  ...counts
}: QueueSettings) {
  const given = (milliseconds?: number) => (milliseconds === undefined ? undefined : interval(milliseconds));
  return {
    max_attempts: counts.maxAttempts,
    max_running: counts.maxRunning,
    max_per_key: counts.maxPerKey,
    max_per_tenant: counts.maxPerTenant,
    max_per_worker: counts.maxPerWorker,
    breaker_failures: counts.breakerFailures,
    lease: given(leaseMs),
    slice: given(sliceMs),
    retry_pause: given(retryPauseMs),
    max_retry_pause: given(maxRetryPauseMs),
    breaker_pause: given(breakerPauseMs),
  };
}

const interval = (milliseconds: number) => `${milliseconds} milliseconds`;
