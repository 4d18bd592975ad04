import { type Logger, SmarterosError } from "@smarteros/core";
import { type DiskBuffer, insertRows } from "@smarteros/observability/disk-buffer";
import type { HealthRow } from "./health-row.ts";
import type { HealthStore } from "./store.ts";

type Means = { store: HealthStore; spill: DiskBuffer<HealthRow>; logger: Logger; signal: AbortSignal };

/**
 * Stores what waited for the database and then these rows. Where it cannot be reached they wait in the spill. Resolves
 * to whether all of these rows are stored.
 */
export async function keep(rows: HealthRow[], means: Means): Promise<boolean> {
  try {
    await drain(means);
    return (await insert(rows, means)) === rows.length;
  } catch (error) {
    means.logger.error("MONITOR_NOT_STORED", { reason: reasonOf(error, means.signal) });
    spillOver(rows, means);
    return false;
  }
}

/** Stores rows but for those that the table will never accept; resolves to how many are stored. */
const insert = (rows: HealthRow[], { store, logger, signal }: Means): Promise<number> =>
  insertRows(rows, {
    insert: async (some) =>
      (await store.insert(some, signal)) === "stored" ? undefined : { cause: "refused" },
    onRefused: () => logger.error("MONITOR_ROWS_LOST", { rows: 1, reason: "the table refuses it" }),
  });

async function drain(means: Means): Promise<void> {
  const { spill, logger } = means;
  let stored = 0;
  try {
    const unreadable = await spill.drain(async (rows) => {
      stored += await insert(rows, means);
    });
    if (unreadable > 0)
      logger.error("MONITOR_ROWS_LOST", { rows: unreadable, reason: "not readable in the spill file" });
  } catch (error) {
    // What is wrong with the file is no reason not to store what we have just seen.
    const code = fileCode(error);
    if (!code) throw error;
    logger.error("MONITOR_SPILL_STUCK", { code });
  } finally {
    if (stored > 0) logger.info("MONITOR_SPILL_STORED", { rows: stored });
  }
}

function spillOver(rows: HealthRow[], { spill, logger }: Means): void {
  let kept = 0;
  let reason = "the spill file is full";
  try {
    kept = spill.append(rows);
  } catch (error) {
    reason = `the spill file cannot be written (${fileCode(error) ?? "not a file"})`;
  }
  if (kept > 0) logger.info("MONITOR_SPILLED", { rows: kept });
  if (kept < rows.length) logger.error("MONITOR_ROWS_LOST", { rows: rows.length - kept, reason });
}

/** Why the database did not do it, in our words and by its code: its own text may hold values. */
export function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "asked to end";
  const [reason, cause] = SmarterosError.isInstance(error) ? [error.code, error.cause] : ["refused", error];
  const code = /^database: ([0-9A-Z]{5}|PGRST\d{3}|[1-5]\d\d) /.exec(
    cause instanceof Error ? cause.message : "",
  )?.[1];
  return code ? `${reason} (${code})` : reason;
}

function fileCode(error: unknown): string | undefined {
  return error instanceof Error && "syscall" in error && "code" in error ? String(error.code) : undefined;
}
