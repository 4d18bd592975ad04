import { type Call, SmarterosError } from "@smarteros/core";
import { withDeadline } from "@smarteros/core/deadline";
import { pause } from "@smarteros/core/pause";
import { rowsOf, type SupabaseClient, silenceNotice, workerSilence } from "@smarteros/supabase";
import * as z from "zod";
import { taskFailure } from "./request-refusals.ts";

export type TaskWait<Schema extends z.ZodType> = {
  client: SupabaseClient;
  /** Id of the requested task. */
  id: string;
  /** What a worker's result has to be. */
  schema: Schema;
  /** How long to wait for it, in milliseconds. */
  milliseconds: number;
  call: Call;
  /** What a caller has to know where a worker began and no result came in time. */
  late?: string;
};

/** Milliseconds between two looks, which double up to the longest. */
const firstPauseMs = 50;
const longestPauseMs = 500;
/** Milliseconds for what follows a wait that was given up. */
const afterwardsMs = 2_000;

const problem = z.object({ code: z.string(), message: z.string().optional() }).nullable();

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
  try {
    const expired = () => tooLate;
    return await withDeadline({ milliseconds, expired, caller: call.signal }, (signal) => poll(wait, signal));
  } catch (thrown) {
    if (thrown !== tooLate && !call.signal.aborted) throw thrown;
    const wasOpen = await abandon(wait);
    throw thrown === tooLate ? await noResult(wait, wasOpen) : thrown;
  }
}

async function poll<Schema extends z.ZodType>(
  { client, id, schema }: TaskWait<Schema>,
  signal: AbortSignal,
): Promise<z.output<Schema>> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const [task] = rowsOf(await client.rpc("take_task", { p_id: id }).abortSignal(signal));
    switch (task?.state) {
      case "scheduled":
      case "queued":
      case "running":
        break;
      case "succeeded":
        return schema.parse(task.result);
      case "dead":
        throw taskFailure(problem.parse(task.error));
      default:
        throw new SmarterosError("unavailable", "The request ended without a result. Send it again.");
    }
    await pause(pauseMs, signal);
    signal.throwIfAborted();
  }
}

/** Cancels the task, for a caller who may be gone. It expires where this fails. */
async function abandon({ client, id }: Pick<TaskWait<z.ZodType>, "client" | "id">): Promise<boolean> {
  const signal = AbortSignal.timeout(afterwardsMs);
  const { data } = await client.rpc("abandon_task", { p_id: id }).abortSignal(signal);
  return data === true;
}

async function noResult<Schema extends z.ZodType>(
  { client, milliseconds, late }: TaskWait<Schema>,
  wasOpen: boolean,
) {
  const silence = await workerSilence(client, AbortSignal.timeout(afterwardsMs));
  if (silence !== undefined) return new SmarterosError("unavailable", silenceNotice(silence));
  const said = `No worker had the result within ${milliseconds / 1000} s.`;
  const next = (wasOpen ? late : undefined) ?? "Try again in a moment.";
  return new SmarterosError("upstream_timeout", `${said} ${next}`);
}
