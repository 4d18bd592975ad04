import type { Logger } from "@smarteros/core";
import { pause } from "@smarteros/core/pause";

/**
 * Runs a pass every `everyMs` milliseconds until `stop` aborts. A jitter of ±5 % prevents several monitors from running in
 * step. Passes never overlap: a pass that took longer than `everyMs` is logged and the next one starts immediately.
 */
export async function loop(options: {
  everyMs: number;
  pass: () => Promise<unknown>;
  stop: AbortSignal;
  logger: Logger;
  /** The event name under which a pass longer than `everyMs` is logged. */
  slowEvent?: string;
  random?: () => number;
}): Promise<void> {
  const { everyMs, pass, stop, logger, slowEvent = "MONITOR_PASS_SLOW", random = Math.random } = options;
  while (!stop.aborted) {
    const started = performance.now();
    await pass();
    const tookMs = Math.round(performance.now() - started);
    if (tookMs > everyMs) logger.error(slowEvent, { tookMs, everyMs });
    const pauseMs = Math.max(0, everyMs * (0.95 + random() / 10) - tookMs);
    await pause(pauseMs, stop);
  }
}
