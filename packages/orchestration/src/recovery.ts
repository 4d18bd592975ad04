import { DBOSExecutor } from "@dbos-inc/dbos-sdk/internal/dbos-executor";
import type { Logger } from "@smarteros/core";
import type { ProvisioningStore } from "./ports.ts";
import { repeat } from "./repeat.ts";

type Parts = { store: ProvisioningStore; workerId: string; logger: Logger; everyMs: number };

/**
 * Gives signs of life, and takes over the work of those who stopped giving them. The engine does neither. Whoever could not
 * give a sign in time, because the database was away or the process stood still, first gives the others the time to.
 */
export function keepAlive({ store, workerId, logger, everyMs }: Parts) {
  const silentMs = everyMs * 4;
  let lastBeat = Date.now();
  let judgesFrom = 0;
  return repeat(
    async () => {
      await store.beat(workerId);
      const now = Date.now();
      if (now - lastBeat > silentMs / 2) judgesFrom = now + silentMs;
      lastBeat = now;
      if (now < judgesFrom) return;
      const dead = (await store.deadWorkers(silentMs)).filter((id) => id !== workerId);
      if (dead.length === 0) return;
      // Taken over first and marked then: a crash in between has it taken over again, which does no harm.
      const taken = await DBOSExecutor.globalInstance?.recoverPendingWorkflows(dead);
      await store.recovered(dead);
      logger.info("PROVISION_RECOVERED", { workers: dead, workflows: taken?.length ?? 0 });
    },
    { everyMs, onError: (cause) => logger.error("PROVISION_HEARTBEAT", { cause: String(cause) }) },
  );
}
