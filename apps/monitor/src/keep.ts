import { type Logger, SmarterosError } from "@smarteros/core";
import type { HealthRow } from "./health-row.ts";
import type { Spill } from "./spill.ts";
import type { HealthStore } from "./store.ts";

type Means = { store: HealthStore; spill: Spill; logger: Logger; signal: AbortSignal };

/**
 * Stores what waited for the database and then these rows. Where it cannot be reached they wait in the spill. Resolves
 * to whether all of them are stored.
 */
export async function keep(rows: HealthRow[], means: Means): Promise<boolean> {
  const { store, logger, signal } = means;
  try {
    await drain(means);
    if ((await store.insert(rows, signal)) === "stored") return true;
    logger.error("MONITOR_ROWS_LOST", { rows: rows.length, reason: "the table refuses them" });
  } catch (error) {
    logger.error("MONITOR_NOT_STORED", { reason: reasonOf(error, signal) });
    spillOver(rows, means);
  }
  return false;
}

async function drain({ store, spill, logger, signal }: Means): Promise<void> {
  // One row that the table will never take must not keep the others waiting for ever.
  async function insert(rows: HealthRow[]): Promise<void> {
    if ((await store.insert(rows, signal)) === "stored") return;
    if (rows.length === 1)
      return logger.error("MONITOR_ROWS_LOST", { rows: 1, reason: "the table refuses it" });
    const half = Math.ceil(rows.length / 2);
    await insert(rows.slice(0, half));
    await insert(rows.slice(half));
  }

  try {
    const { rows, unreadable } = await spill.drain(insert);
    if (rows > 0) logger.info("MONITOR_SPILL_STORED", { rows });
    if (unreadable > 0)
      logger.error("MONITOR_ROWS_LOST", { rows: unreadable, reason: "not readable in the spill file" });
  } catch (error) {
    const code = fileCode(error);
    if (!code) throw error;
    logger.error("MONITOR_SPILL_STUCK", { code });
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

/** Why the database did not do it, in our words: its own may hold values. */
export function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "asked to end";
  return SmarterosError.isInstance(error) ? error.code : "refused";
}

function fileCode(error: unknown): string | undefined {
  return error instanceof Error && "syscall" in error && "code" in error ? String(error.code) : undefined;
}
