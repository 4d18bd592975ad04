import type { Logger } from "@smarteros/core";
import { startIntervalLoop } from "./interval-loop.ts";
import type { ProvisioningStore } from "./ports.ts";
import { recoverDeadWorkers } from "./recovery.ts";

type Parts = { store: ProvisioningStore; workerId: string; logger: Logger; everyMs: number };

/**
 * Writes the worker's heartbeat every `everyMs` and recovers the work of dead workers; the engine does neither. A worker
 * is dead after four missed heartbeats. A worker whose own heartbeat was late, because the database was away or the
 * process was suspended, first waits that long for the heartbeats of the others.
 */
export function startHeartbeat({ store, workerId, logger, everyMs }: Parts) {
  const silentMs = everyMs * 4;
  let lastHeartbeat = Date.now();
  let recoversFrom = 0;
  return startIntervalLoop(
    async () => {
      await store.heartbeat(workerId);
      const now = Date.now();
      if (now - lastHeartbeat > silentMs / 2) recoversFrom = now + silentMs;
      lastHeartbeat = now;
      if (now >= recoversFrom) await recoverDeadWorkers({ store, workerId, logger, silentMs });
    },
    { everyMs, onError: (cause) => logger.error("PROVISION_HEARTBEAT", { cause: String(cause) }) },
  );
}
