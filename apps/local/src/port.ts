import { setTimeout as sleep } from "node:timers/promises";
import getPort from "get-port";

const host = "127.0.0.1";

/** A TCP port of the loopback interface that nobody listens on right now. */
export function freePort(): Promise<number> {
  return getPort({ host });
}

/** Whether a start failed because another program listens on the port, as Node and Postgres say it. */
export const isPortTaken = (message: string) => /EADDRINUSE|address already in use/i.test(message);

/**
 * Starts something on the wanted port; without one on a free port, and on another where a program took that one before
 * it was listened on.
 */
export async function onPort<Started>(
  wanted: number | undefined,
  start: (port: number) => Promise<Started>,
): Promise<Started> {
  if (wanted) return start(wanted);
  for (let attempt = 1; ; attempt += 1) {
    try {
      // biome-ignore lint/performance/noAwaitInLoops: one attempt after another.
      return await start(await freePort());
    } catch (error) {
      if (attempt === 5 || !(error instanceof Error && isPortTaken(error.message))) throw error;
    }
  }
}

/** Whether nobody listens on this port of the loopback interface, or stops to within so many milliseconds. */
export async function becomesFree(port: number, patience: number): Promise<boolean> {
  for (const end = Date.now() + patience; ; ) {
    // biome-ignore lint/performance/noAwaitInLoops: polls until the other side has let go.
    if ((await getPort({ host, port })) === port) return true;
    if (Date.now() >= end) return false;
    await sleep(100);
  }
}
