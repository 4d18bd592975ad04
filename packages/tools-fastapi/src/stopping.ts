/**
 * Runs work under a signal that aborts after so many milliseconds, or with the caller, and rejects with the reason of
 * whichever came first. A controller of our own and not `AbortSignal.any`: what it makes may be collected as garbage
 * while a body is still being read, and then nothing stops.
 */
export async function stopping<Result>(
  { milliseconds, late, caller }: { milliseconds: number; late: () => Error; caller: AbortSignal },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const cancel = () => stop.abort(caller.reason);
  const timer = setTimeout(() => stop.abort(late()), milliseconds);
  if (caller.aborted) cancel();
  caller.addEventListener("abort", cancel, { once: true });
  try {
    return await work(stop.signal);
  } catch (thrown) {
    throw stop.signal.aborted ? stop.signal.reason : thrown;
  } finally {
    clearTimeout(timer);
    caller.removeEventListener("abort", cancel);
  }
}
