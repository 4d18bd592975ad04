import { setTimeout as sleep } from "node:timers/promises";

// A supervisor that asks waits for 8 s or longer, and probes need up to 5.
const patienceMs = 7_000;
// One Ctrl-C can arrive twice: from the terminal itself, and passed on by the program that started us.
const sameKeystrokeMs = 500;

/**
 * Two signals for when SIGTERM or SIGINT ask us to end: `stop` at once, `deadline` when the pass that is under way has
 * had its time. Asking again ends the process there and then.
 */
export function whenAskedToStop(): { stop: AbortSignal; deadline: AbortSignal } {
  const stop = new AbortController();
  const deadline = new AbortController();
  let first: number | undefined;
  const ask = () => {
    if (first !== undefined && Date.now() - first > sameKeystrokeMs) process.exit(130);
    if (first !== undefined) return;
    first = Date.now();
    stop.abort();
    sleep(patienceMs, undefined, { ref: false }).then(() => deadline.abort());
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, ask);
  return { stop: stop.signal, deadline: deadline.signal };
}
