import { setTimeout as sleep } from "node:timers/promises";
import { DBOS } from "@dbos-inc/dbos-sdk";
import type { Logger } from "@smarteros/core";

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

/**
 * The engine's migrations take no lock, so that of two workers who are the first ever one may be thrown out by a deadlock:
 * by the next try the other is through.
 */
async function migrateEngine(systemDatabaseUrl: string, tries = 5): Promise<void> {
  try {
    await DBOS.migrate(systemDatabaseUrl);
  } catch (cause) {
    if (tries <= 1) throw cause;
    await sleep(200 + Math.random() * 800);
    await migrateEngine(systemDatabaseUrl, tries - 1);
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
