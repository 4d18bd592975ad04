import { setTimeout as sleep } from "node:timers/promises";

// A supervisor waits 8 s or longer before SIGKILL, and a pass of probes takes up to 5 s.
const shutdownTimeoutMs = 7_000;
// One Ctrl-C can arrive twice: from the terminal, and forwarded by the parent process.
const sameKeystrokeMs = 500;

/**
 * Listens for SIGTERM and SIGINT. `stop` aborts immediately, `deadline` 7 s later, to let the current pass finish. A
 * second signal exits the process with code 130.
 */
export function shutdownSignals(): { stop: AbortSignal; deadline: AbortSignal } {
  const stop = new AbortController();
  const deadline = new AbortController();
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt !== undefined && Date.now() - firstAt > sameKeystrokeMs) process.exit(130);
    if (firstAt !== undefined) return;
    firstAt = Date.now();
    stop.abort();
    sleep(shutdownTimeoutMs, undefined, { ref: false }).then(() => deadline.abort());
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  return { stop: stop.signal, deadline: deadline.signal };
}
