import { subscribe } from "node:diagnostics_channel";
import { Server } from "node:http";

/** Milliseconds within which the headers of a request, and all of a request, must have arrived. */
const headersTimeout = 10_000;
const requestTimeout = 30_000;

/**
 * Limits how long this process's HTTP servers wait for a request to arrive: `next start` makes the server and offers no
 * setting for it. Node ends what is late with 408, at its next look, which it takes every 30 s. How long an answer takes
 * is not limited.
 */
export function limitRequestTimes(): void {
  const known = new WeakSet<Server>();
  subscribe("net.server.socket", (message) => {
    const server = serverOf(message);
    if (!server || known.has(server)) return;
    known.add(server);
    Object.assign(server, { headersTimeout, requestTimeout });
  });
}

function serverOf(message: unknown): Server | undefined {
  const { socket } = message as { socket: { server?: unknown } };
  return socket.server instanceof Server ? socket.server : undefined;
}
