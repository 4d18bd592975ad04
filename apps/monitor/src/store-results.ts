import { type Logger, SmarterosError } from "@smarteros/core";
import { type DiskBuffer, insertRows } from "@smarteros/observability/disk-buffer";
import type { HealthRow } from "./health-row.ts";
import type { HealthStore } from "./store.ts";

type Dependencies = {
  store: HealthStore;
  buffer: DiskBuffer<HealthRow>;
  logger: Logger;
  signal: AbortSignal;
};

/**
 * Stores buffered rows first and then these rows. Appends these rows to the disk buffer when the database is unreachable.
 * Resolves to true when all of these rows are stored.
 */
export async function storeResults(rows: HealthRow[], dependencies: Dependencies): Promise<boolean> {
  try {
    await drain(dependencies);
    return (await insert(rows, dependencies)) === rows.length;
  } catch (error) {
    dependencies.logger.error("MONITOR_NOT_STORED", { reason: reasonOf(error, dependencies.signal) });
    bufferRows(rows, dependencies);
    return false;
  }
}

/** Stores rows and drops those that violate a constraint, which would otherwise block all later rows. */
const insert = (rows: HealthRow[], { store, logger, signal }: Dependencies): Promise<number> =>
  insertRows(rows, {
    insert: async (some) =>
      (await store.insert(some, signal)) === "stored" ? undefined : { cause: "refused" },
    onRefused: () => logger.error("MONITOR_ROWS_LOST", { rows: 1, reason: "the table refuses it" }),
  });

async function drain(dependencies: Dependencies): Promise<void> {
  const { buffer, logger } = dependencies;
  let stored = 0;
  try {
    await buffer.drain(
      async (rows) => {
        stored += await insert(rows, dependencies);
      },
      ({ unreadable }) => {
        if (unreadable > 0)
          logger.error("MONITOR_ROWS_LOST", { rows: unreadable, reason: "not readable in the disk buffer" });
      },
    );
  } catch (error) {
    // An unreadable file must not prevent storing the new results.
    const code = fileCode(error);
    if (!code) throw error;
    logger.error("MONITOR_BUFFER_STUCK", { code });
  } finally {
    if (stored > 0) logger.info("MONITOR_BUFFER_STORED", { rows: stored });
  }
}

function bufferRows(rows: HealthRow[], { buffer, logger }: Dependencies): void {
  let buffered = 0;
  let reason = "the disk buffer is full";
  try {
    buffered = buffer.append(rows);
  } catch (error) {
    reason = `the disk buffer cannot be written (${fileCode(error) ?? "not a file"})`;
  }
  if (buffered > 0) logger.info("MONITOR_BUFFERED", { rows: buffered });
  if (buffered < rows.length) logger.error("MONITOR_ROWS_LOST", { rows: rows.length - buffered, reason });
}

/** Describes a database failure by its error code only, because the database's message may contain values. */
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
