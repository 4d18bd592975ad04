import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import type { Logger } from "@smarteros/core";
import { createApp } from "./app.ts";
import type { BackendSettings } from "./env.ts";

/** How long a stop waits for requests in flight; a supervisor that kills should wait a little longer. */
const graceMs = 6_000;

export type RunningBackend = {
  /** Takes no more connections; resolves when the requests in flight were answered, or cut off after 6 s. */
  stop(): Promise<void>;
};

/** Starts listening. Rejects where the port cannot be had. */
export async function start({
  settings,
  logger,
}: {
  settings: BackendSettings;
  logger: Logger;
}): Promise<RunningBackend> {
  const { fetch } = createApp({ settings, logger });
  const server = serve({
    fetch,
    hostname: settings.host,
    port: settings.port,
    // Nobody of ours is slow to ask; whoever is holds a connection for no longer than this.
    serverOptions: { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2_000 },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  logger.info("BACKEND_STARTED", { host: settings.host, port: settings.port, origin: settings.origin });
  return { stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is kept alive becomes idle only when its last request was answered.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
  });
}
