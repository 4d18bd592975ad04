export type Deadline = {
  milliseconds: number;
  /** Makes the abort's reason when the time is over. */
  expired: () => unknown;
  /** Aborts when the caller goes away. */
  caller?: AbortSignal | undefined;
  /** Makes the abort's reason when the caller goes away; the caller's own reason by default. */
  cancelled?: () => unknown;
};

/**
 * Runs work with a signal that aborts when the time is over or the caller goes away, and rejects with the abort's reason
 * at once, even where the work ignores its signal. Work for a caller who is gone already is not started.
 */
export function withDeadline<Result>(
  deadline: Deadline,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return underDeadline(deadline, async (signal) => {
    const stopped = Promise.withResolvers<never>();
    stopped.promise.catch(() => undefined);
    signal.addEventListener("abort", () => stopped.reject(signal.reason), { once: true });
    try {
      signal.throwIfAborted();
      return await Promise.race([work(signal), stopped.promise]);
    } catch (thrown) {
      // An aborted fetch rejects with its own error, sometimes before ours: the reason is what counts.
      throw signal.aborted ? signal.reason : thrown;
    }
  });
}

/**
 * Runs work with a signal that aborts when the time is over or the caller goes away, and settles as the work does. Uses a
 * controller instead of `AbortSignal.any`, whose signal may be garbage collected while a body is still being read: it would
 * then never abort.
 */
export async function underDeadline<Result>(
  { milliseconds, expired, caller, cancelled = () => caller?.reason }: Deadline,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const cancel = () => stop.abort(cancelled());
  const timer = setTimeout(() => stop.abort(expired()), milliseconds);
  if (caller?.aborted) cancel();
  caller?.addEventListener("abort", cancel, { once: true });
  try {
    return await work(stop.signal);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener("abort", cancel);
  }
}
