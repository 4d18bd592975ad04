import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@smarteros/core";

/**
 * Makes a pass every `everyMs` milliseconds, give or take a twentieth so that many monitors do not come at once, until
 * `stop` fires. A pass never begins before the last one has ended; one that took too long is followed at once.
 */
export async function loop(options: {
  everyMs: number;
  pass: () => Promise<unknown>;
  stop: AbortSignal;
  logger: Logger;
  /** Under which name a pass is logged that took longer than the time between two. */
  slowEvent?: string;
  random?: () => number;
}): Promise<void> {
  const { everyMs, pass, stop, logger, slowEvent = "MONITOR_PASS_SLOW", random = Math.random } = options;
  while (!stop.aborted) {
    const started = performance.now();
    // biome-ignore lint/performance/noAwaitInLoops: one pass at a time.
    await pass();
    const tookMs = Math.round(performance.now() - started);
    if (tookMs > everyMs) logger.error(slowEvent, { tookMs, everyMs });
    const pauseMs = Math.max(0, everyMs * (0.95 + random() / 10) - tookMs);
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
