import { setTimeout as sleep } from "node:timers/promises";
import { DBOS } from "@dbos-inc/dbos-sdk";
import type { Logger } from "@smarteros/core";
import postgres from "postgres";

const ended = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"] as const;
const batchSize = 500;

/** Configures the engine for this process as `workerId` and creates or migrates its tables. */
export async function prepareEngine(systemDatabaseUrl: string, workerId: string, logger: Logger) {
  DBOS.setConfig({
    name: "smarteros",
    systemDatabaseUrl,
    // Constant, so that a deployment continues the workflows of the previous one.
    applicationVersion: "1",
    executorID: workerId,
    logger: engineLog(logger),
  });
  await migrateEngine(systemDatabaseUrl);
}

// Arbitrary, but the same for all workers.
const migrationLock = 7_232_701;

/**
 * Migrates the engine's tables under an advisory lock: the engine takes none, so that of two concurrent first workers
 * one would fail. Polls for the lock, because a statement that waits for it would block the engine's concurrent indexes.
 */
async function migrateEngine(systemDatabaseUrl: string): Promise<void> {
  const sql = postgres(systemDatabaseUrl, { max: 1, prepare: false, onnotice: () => undefined });
  const migrate = () =>
    sql.begin(async (holding) => {
      // The extended protocol would hold a snapshot, for which those indexes wait as well.
      const [lock] = await holding
        .unsafe(`select pg_try_advisory_xact_lock(${migrationLock}) as mine`)
        .simple();
      if (lock?.mine) await DBOS.migrate(systemDatabaseUrl);
      return lock?.mine as boolean;
    });
  try {
    while (!(await migrate())) await sleep(100);
  } finally {
    await sql.end();
  }
}

/** Resolves to the ids of running and queued workflows that begin with one of the prefixes. */
export async function openWorkflows(prefixes: string[]): Promise<string[]> {
  if (prefixes.length === 0) return [];
  const found = await DBOS.listWorkflows({
    workflow_id_prefix: prefixes,
    status: ["PENDING", "ENQUEUED", "DELAYED"],
    loadInput: false,
    loadOutput: false,
  });
  return found.map(({ workflowID }) => workflowID);
}

/** Deletes workflows that ended before a date, which the engine never does. Resolves to their number. */
export async function deleteEndedWorkflows(before: Date): Promise<number> {
  for (let deleted = 0; ; ) {
    const batch = await DBOS.listWorkflows({
      status: [...ended],
      completedBefore: before.toISOString(),
      limit: batchSize,
      loadInput: false,
      loadOutput: false,
    });
    if (batch.length > 0)
      await DBOS.deleteWorkflows(
        batch.map(({ workflowID }) => workflowID),
        true,
      );
    deleted += batch.length;
    if (batch.length < batchSize) return deleted;
  }
}

/** Adapts the engine's log: writes its errors only, as log lines of this project. */
function engineLog(logger: Logger) {
  const error = (message: unknown) => logger.error("WORKFLOW_ENGINE", { message: String(message) });
  const silent = () => undefined;
  return { debug: silent, info: silent, warn: silent, error };
}
