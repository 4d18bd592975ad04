import { SmarterosError } from "./errors.ts";

/**
 * Runs work that must end by a deadline (milliseconds) or when the caller goes away. Rejects with `deadline_exceeded`
 * or `cancelled` at once, even where the work ignores its signal: no caller is kept by a tool that hangs.
 */
export async function withDeadline<Result>(
  milliseconds: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => undefined);
  stop.signal.addEventListener("abort", () => stopped.reject(stop.signal.reason), { once: true });

  const cancel = () =>
    stop.abort(new SmarterosError("cancelled", "The caller went away before the tool was done."));
  const timer = setTimeout(() => stop.abort(deadlineExceeded(milliseconds)), milliseconds);
  if (caller?.aborted) cancel();
  caller?.addEventListener("abort", cancel, { once: true });
  try {
    stop.signal.throwIfAborted();
    return await Promise.race([work(stop.signal), stopped.promise]);
  } catch (thrown) {
    // A fetch that was aborted rejects with its own error, sometimes before ours: the reason is what counts.
    throw stop.signal.aborted ? stop.signal.reason : thrown;
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener("abort", cancel);
  }
}

function deadlineExceeded(milliseconds: number) {
  return new SmarterosError(
    "deadline_exceeded",
    `The tool was not done within ${milliseconds / 1000} s. Look before you repeat the call: it may have taken effect.`,
  );
}
