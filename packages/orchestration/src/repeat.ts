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

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, durationMs);
    signal.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
