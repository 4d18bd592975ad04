import type { Snapshot } from "@smarteros/tools-fastapi/provisioning-log";

const everyMs = 1_000;
/** Less than the idle time after which proxies cut a connection. */
const heartbeatMs = 15_000;
/** Milliseconds after which a browser comes back when a stream ended. */
const retryMs = 2_000;

type Source = {
  first: Snapshot;
  read(): Promise<Snapshot>;
  pause(ms: number): Promise<unknown>;
  signal: AbortSignal;
  now?: () => number;
};

/**
 * Yields server-sent events of a snapshot: the first immediately, then each that differs from the one before, and a
 * comment after a silence. Ends at the signal, and when reading fails.
 */
export async function* changes({ first, read, pause, signal, now = Date.now }: Source) {
  let last = JSON.stringify(first);
  let saidAt = now();
  yield `retry: ${retryMs}\n\ndata: ${last}\n\n`;
  try {
    while (!signal.aborted) {
      await pause(everyMs);
      const text = JSON.stringify(await read());
      if (text !== last) yield `data: ${text}\n\n`;
      else if (now() - saidAt >= heartbeatMs) yield ":\n\n";
      else continue;
      last = text;
      saidAt = now();
    }
  } catch {
    // The database or the listener is gone. A listener that is still there reconnects, and gets the error then.
  }
}
