import { setTimeout as sleep } from "node:timers/promises";
import getPort from "get-port";

const host = "127.0.0.1";

/** A TCP port of the loopback interface that nobody listens on right now. */
export function freePort(): Promise<number> {
  return getPort({ host });
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
