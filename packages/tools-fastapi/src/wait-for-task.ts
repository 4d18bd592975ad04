import { type Call, SmarterosError } from "@smarteros/core";
import { withDeadline } from "@smarteros/core/deadline";
import { pause } from "@smarteros/core/pause";
import { rowsOf, type SupabaseClient, silenceNotice, workerSilence } from "@smarteros/supabase";
import * as z from "zod";
import { mayHaveRun, taskFailure } from "./request-refusals.ts";

export type TaskWait<Schema extends z.ZodType> = {
  client: SupabaseClient;
  /** Id of the requested task. */
  id: string;
  /** What a worker's result has to be. */
  schema: Schema;
  /** How long to wait for it, in milliseconds. */
  milliseconds: number;
  call: Call;
  /** True for a task that runs a workflow: where a worker may have begun, the error says so. */
  once?: boolean;
};

/** Milliseconds between two looks, which double up to the longest. */
const firstPauseMs = 50;
const longestPauseMs = 500;
/** Milliseconds for what follows a wait that was given up. */
const afterwardsMs = 2_000;

const problem = z.object({ code: z.string(), message: z.string().optional() }).nullable();

type Task = { state: string; result: unknown; error: unknown };
type Asked = Pick<TaskWait<z.ZodType>, "client" | "id">;

/**
 * Waits for the result of a task that the user of the client requested. Rejects with the worker's failure; with `unavailable`
 * where no worker is there, and `upstream_timeout` where one is, when there is no result in time. Abandons the task when it
 * gives up, also when the caller goes away.
 */
export async function waitForTask<Schema extends z.ZodType>(
  wait: TaskWait<Schema>,
): Promise<z.output<Schema>> {
  const { call, milliseconds } = wait;
  const tooLate = Symbol("too late");
  const expired = () => tooLate;
  let task: Task;
  try {
    task = await withDeadline({ milliseconds, expired, caller: call.signal }, (signal) => end(wait, signal));
  } catch (thrown) {
    const left = await abandon(wait);
    if (call.signal.aborted) throw thrown;
    // It may have ended in the meantime.
    if (left && (left.state === "succeeded" || left.state === "dead")) task = left;
    else if (thrown === tooLate)
      throw wait.once && mayHaveBegun(left) ? mayHaveRun("upstream_timeout") : await noResult(wait);
    else throw wait.once && mayHaveBegun(left) ? mayHaveRun("unavailable", {}, thrown) : thrown;
  }
  return resultOf(task, wait);
}

/** Resolves to the task when it is over. */
async function end({ client, id }: Asked, signal: AbortSignal): Promise<Task> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const task = (await taskNow({ client, id }, signal)) ?? { state: "gone", result: null, error: null };
    if (!["scheduled", "queued", "running"].includes(task.state)) return task;
    await pause(pauseMs, signal);
    signal.throwIfAborted();
  }
}

async function taskNow({ client, id }: Asked, signal: AbortSignal): Promise<Task | undefined> {
  const [task] = rowsOf(await client.rpc("take_task", { p_id: id }).abortSignal(signal));
  return task;
}

/** Cancels the task, for a caller who may be gone; it expires where this fails. Resolves to how it stands then, if that is known. */
async function abandon({ client, id }: Asked): Promise<Task | undefined> {
  const signal = AbortSignal.timeout(afterwardsMs);
  try {
    await client.rpc("abandon_task", { p_id: id }).abortSignal(signal);
    return await taskNow({ client, id }, signal);
  } catch {
    return undefined;
  }
}

/** Returns whether a worker may have begun the task. One that was cancelled in line has no error. */
function mayHaveBegun(task: Task | undefined): boolean {
  if (task?.state === "cancelled") return task.error !== null;
  return task === undefined || !["scheduled", "queued", "expired"].includes(task.state);
}

function resultOf<Schema extends z.ZodType>(
  task: Task,
  { schema, once = false }: TaskWait<Schema>,
): z.output<Schema> {
  switch (task.state) {
    case "succeeded":
      // What a workflow returned is handed out once, and that response may have been lost.
      if (once && task.result === null) throw mayHaveRun("unavailable");
      return schema.parse(task.result);
    case "dead": {
      const failure = taskFailure(problem.parse(task.error));
      throw once && !SmarterosError.isInstance(failure) ? mayHaveRun("unavailable", {}, failure) : failure;
    }
    default:
      if (once && mayHaveBegun(task)) throw mayHaveRun("unavailable");
      throw new SmarterosError("unavailable", "The request ended without a result. Send it again.");
  }
}

async function noResult({ client, milliseconds }: TaskWait<z.ZodType>) {
  const silence = await workerSilence(client, AbortSignal.timeout(afterwardsMs));
  if (silence !== undefined) return new SmarterosError("unavailable", silenceNotice(silence));
  const message = `No worker had the result within ${milliseconds / 1000} s. Try again in a moment.`;
  return new SmarterosError("upstream_timeout", message);
}
