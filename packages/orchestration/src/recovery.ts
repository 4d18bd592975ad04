import { DBOSExecutor } from "@dbos-inc/dbos-sdk/internal/dbos-executor";
import type { Logger } from "@smarteros/core";
import type { ProvisioningStore } from "./ports.ts";

type Parts = { store: ProvisioningStore; workerId: string; logger: Logger; silentMs: number };

/** Takes over the workflows of the workers, other than this one, without a heartbeat for `silentMs`. */
export async function recoverDeadWorkers({ store, workerId, logger, silentMs }: Parts): Promise<void> {
  const dead = (await store.deadWorkers(silentMs)).filter((id) => id !== workerId);
  if (dead.length === 0) return;
  // Recovery comes before the mark: after a crash in between, the workflows are recovered a second time, which is safe.
  const recovered = await DBOSExecutor.globalInstance?.recoverPendingWorkflows(dead);
  await store.markRecovered(dead);
  logger.info("PROVISION_RECOVERED", { workers: dead, workflows: recovered?.length ?? 0 });
}
