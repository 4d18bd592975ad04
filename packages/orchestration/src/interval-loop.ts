import { setTimeout as sleep } from "node:timers/promises";

/** Repeats work with a pause of `everyMs` after each time, until `stop`, which resolves when the current work has ended. */
export function startIntervalLoop(
  work: () => Promise<unknown>,
  { everyMs, onError }: { everyMs: number; onError: (cause: unknown) => void },
) {
  const stopping = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      await work().catch(onError);
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(ignoreAbort);
    }
  })();
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}

/** Ignores the rejection of an aborted sleep: the loop condition ends the loop. */
const ignoreAbort = () => undefined;
