import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import type { Logger } from "@smarteros/core";
import { asService } from "@smarteros/supabase";
import { createApp } from "./app.ts";
import type { BackendSettings } from "./env.ts";
import { startProvisioning } from "./provisioning.ts";

/** How long a stop waits for requests in flight; a supervisor that kills should wait a little longer. */
const graceMs = 6_000;

export type RunningBackend = {
  /**
   * Takes no more connections; resolves when the requests in flight were answered, or cut off after 6 s, and the worker
   * has let go. What it was working on goes on elsewhere, or here after the next start.
   */
  stop(): Promise<void>;
  /** Compares now what is recorded with what the vendors have; does nothing where this backend does not provision. */
  reconcile(): Promise<unknown>;
};

/** Starts listening. Rejects where the port cannot be had. */
export async function start({
  settings,
  logger,
}: {
  settings: BackendSettings;
  logger: Logger;
}): Promise<RunningBackend> {
  const service = asService(settings.supabase, settings.supabase.serviceRoleKey);
  const provisioning =
    settings.provisioning && (await startProvisioning(settings.provisioning, { service, logger }));
  const { fetch } = createApp({ settings, logger, service, provisioning });
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
  }).catch(async (cause) => {
    await provisioning?.provisioner.stop();
    throw cause;
  });
  logger.info("BACKEND_STARTED", {
    host: settings.host,
    port: settings.port,
    origin: settings.origin,
    vendors: Object.keys(provisioning?.connectors.configured ?? {}),
    missing: provisioning?.connectors.missing,
  });
  return {
    reconcile: async () => provisioning?.provisioner.reconcile(),
    async stop() {
      await stop(server);
      await provisioning?.provisioner.stop();
    },
  };
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
