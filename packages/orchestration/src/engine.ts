import { setTimeout as sleep } from "node:timers/promises";
import { DBOS } from "@dbos-inc/dbos-sdk";
import type { Logger } from "@smarteros/core";
import postgres from "postgres";

const ended = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"] as const;
const atOnce = 500;

/** Sets the engine up for this process, which is known as `workerId`, and brings its tables about. */
export async function prepareEngine(systemDatabaseUrl: string, workerId: string, logger: Logger) {
  DBOS.setConfig({
    name: "smarteros",
    systemDatabaseUrl,
    // A pinned version: a deployment takes up what the one before it left.
    applicationVersion: "1",
    executorID: workerId,
    logger: engineLog(logger),
  });
  await migrateEngine(systemDatabaseUrl);
}

// Any number, as long as every worker has the same one.
const migrationLock = 7_232_701;

/**
 * The engine's migrations take no lock of their own: of two workers who are the first ever, one would be thrown out. Whoever
 * waits asks again and again, because a statement that waits would hold up the engine's concurrent indexes.
 */
async function migrateEngine(systemDatabaseUrl: string): Promise<void> {
  const sql = postgres(systemDatabaseUrl, { max: 1, prepare: false, onnotice: () => undefined });
  const migrate = () =>
    sql.begin(async (holding) => {
      // By the simple protocol: the other one keeps a snapshot, for which those indexes would wait as well.
      const [lock] = await holding
        .unsafe(`select pg_try_advisory_xact_lock(${migrationLock}) as mine`)
        .simple();
      if (lock?.mine) await DBOS.migrate(systemDatabaseUrl);
      return lock?.mine as boolean;
    });
  try {
    // biome-ignore lint/performance/noAwaitInLoops: until nobody else does
    while (!(await migrate())) await sleep(100);
  } finally {
    await sql.end();
  }
}

/** Workflows that are under way or will be, by the beginning of their ids. */
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

/** Forgets workflows that ended before a moment: the engine itself keeps them for ever. Resolves to how many. */
export async function forgetEnded(before: Date): Promise<number> {
  for (let forgotten = 0; ; ) {
    // biome-ignore lint/performance/noAwaitInLoops: one batch after the other
    const batch = await DBOS.listWorkflows({
      status: [...ended],
      completedBefore: before.toISOString(),
      limit: atOnce,
      loadInput: false,
      loadOutput: false,
    });
    if (batch.length > 0)
      await DBOS.deleteWorkflows(
        batch.map(({ workflowID }) => workflowID),
        true,
      );
    forgotten += batch.length;
    if (batch.length < atOnce) return forgotten;
  }
}

/** The engine's own log: what goes wrong, in our lines. */
function engineLog(logger: Logger) {
  const error = (message: unknown) => logger.error("WORKFLOW_ENGINE", { message: String(message) });
  const silent = () => undefined;
  return { debug: silent, info: silent, warn: silent, error };
}
