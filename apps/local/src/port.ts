import { setTimeout as sleep } from "node:timers/promises";
import getPort from "get-port";

const host = "127.0.0.1";

/** Finds a free TCP port of the loopback interface. */
export function freePort(): Promise<number> {
  return getPort({ host });
}

/** Recognizes a start that failed because the port is in use, by the messages of Node and Postgres. */
export const isPortTaken = (message: string) => /EADDRINUSE|address already in use/i.test(message);

/**
 * Starts something on the requested port. Without one it uses a free port, and another when a program takes that one
 * first.
 */
export async function onPort<Started>(
  wanted: number | undefined,
  start: (port: number) => Promise<Started>,
): Promise<Started> {
  if (wanted) return start(wanted);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === 5 || !(error instanceof Error && isPortTaken(error.message))) throw error;
    }
  }
}

/**
 * Waits up to `timeoutMs` until no process listens on this port of the loopback interface; resolves to false on
 * timeout.
 */
export async function becomesFree(port: number, timeoutMs: number): Promise<boolean> {
  for (const end = Date.now() + timeoutMs; ; ) {
    if ((await getPort({ host, port })) === port) return true;
    if (Date.now() >= end) return false;
    await sleep(100);
  }
}
