import { pause } from "@smarteros/core/pause";

/**
 * Repeats work with a pause of `everyMs` after each time, which `wake` ends, until `stop`, which resolves when the current work
 * has ended.
 */
export function startIntervalLoop(
  work: () => Promise<unknown>,
  { everyMs, onError }: { everyMs: number; onError: (cause: unknown) => void },
) {
  const stopping = new AbortController();
  let waking = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      waking = new AbortController();
      await work().catch(onError);
      await pause(everyMs, AbortSignal.any([stopping.signal, waking.signal]));
    }
  })();
  return {
    wake: () => waking.abort(),
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
