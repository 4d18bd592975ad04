import { setTimeout as sleep } from "node:timers/promises";

/** Does something again and again, a pause between two times, until it is stopped; `stop` waits for what is under way. */
export function repeat(
  work: () => Promise<unknown>,
  { everyMs, onError }: { everyMs: number; onError: (cause: unknown) => void },
) {
  const stopping = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      // biome-ignore lint/performance/noAwaitInLoops: one time after the other is what this is for
      await work().catch(onError);
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(stopped);
    }
  })();
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}

/** A pause that is cut short rejects, and the loop sees why by itself. */
const stopped = () => undefined;
