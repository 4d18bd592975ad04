import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import type { Logger } from "@smarteros/core";
import { asService } from "@smarteros/supabase";
import { createApp } from "./app.ts";
import type { BackendSettings } from "./env.ts";
import { startProvisioning } from "./provisioning.ts";

/** Time that a stop waits for requests in flight. A supervisor has to wait longer before it kills the process. */
const graceMs = 6_000;

export type RunningBackend = {
  /**
   * Closes the port and resolves when the requests in flight have ended, which are cut off after 6 s, and the worker has
   * stopped. Open runs continue in another worker, or in this one after its next start.
   */
  stop(): Promise<void>;
  /** Compares all recorded services with the vendors now; does nothing when this backend does not provision. */
  reconcile(): Promise<unknown>;
};

/** Starts listening. Rejects when the port is not available. */
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
    // Legitimate clients send fast, so these limits only end the connections of slow ones.
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
    // A keep-alive connection becomes idle only after the response to its last request.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
  });
}
