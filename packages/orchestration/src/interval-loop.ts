import { pause } from "@smarteros/core/pause";

/** Repeats work with a pause of `everyMs` after each time, until `stop`, which resolves when the current work has ended. */
export function startIntervalLoop(
  work: () => Promise<unknown>,
  { everyMs, onError }: { everyMs: number; onError: (cause: unknown) => void },
) {
  const stopping = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      await work().catch(onError);
      await pause(everyMs, stopping.signal);
    }
  })();
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
