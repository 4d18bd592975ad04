import path from "node:path";
import { metrics } from "@opentelemetry/api";
import { type AuditStore, type Logger, SmarterosError, type StoredInvocation } from "@smarteros/core";
import { openDiskBuffer } from "../disk-buffer/disk-buffer.ts";
import { abandonedFiles, processFile, projectName, touch } from "../disk-buffer/process-files.ts";
import { insertRecords, parseRecord } from "./insert-records.ts";
import { createLosses, type Losses } from "./losses.ts";

export type AuditBufferOptions = {
  /** A folder for this project's rows only; created where it is missing. */
  folder: string;
  store: AuditStore;
  logger: Logger;
  /** Bytes that may wait while the database is down; 256 MiB by default. Later rows are dropped and counted. */
  maximumBytes?: number;
};

/** A disk buffer that holds each row before its caller gets a response, and from which rows are stored in batches. */
export type AuditBuffer = {
  store: AuditStore;
  losses: Losses;
  /** Writes a row. `written`: it survives the process; `full`: the buffer has no room; `failed`: the disk refused it. */
  append(row: StoredInvocation): "written" | "full" | "failed";
  /** Stores what is buffered; resolves to whether every row appended before the call is stored. */
  flush(): Promise<boolean>;
  /** Resolves after the next attempt to store the rows appended before the call, whether it succeeded or not. */
  settled(): Promise<void>;
  /** Counts the rows that are not stored yet. */
  backlog(): number;
};

const waitMs = 100;
const maxWaitMs = 5_000;
const takeOverMs = 30_000;
const touchMs = 20_000;

/** Opens the buffer and takes over the files of processes that are gone. Throws where the folder cannot be created. */
export function createAuditBuffer({
  folder,
  store,
  logger,
  maximumBytes = 268_435_456,
}: AuditBufferOptions): AuditBuffer {
  const losses = createLosses(logger);
  const file = processFile(folder);
  const disk = openDiskBuffer(file, {
    parse: parseRecord,
    sync: "none",
    abandoned: () => abandonedFiles(folder),
    maximumBytes,
  });
  /** The rows appended and, of those, the rows stored since the start of the process. */
  const count = { appended: 0, stored: 0 };
  let flight: Promise<boolean> | undefined;
  let queued: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let waiting: PromiseWithResolvers<void> | undefined;
  let failures = 0;
  let failedAt = Number.NEGATIVE_INFINITY;

  disk.prepare();
  const backlog = () => Math.max(0, count.appended - count.stored);
  metrics
    .getMeter("@smarteros/observability")
    .createObservableGauge("smarteros.audit.backlog", {
      description: "Audit records that wait to be stored.",
    })
    .addCallback((result) => result.observe(backlog()));
  setInterval(() => touch(file), touchMs).unref();
  schedule(0);

  function append(row: StoredInvocation): "written" | "full" | "failed" {
    try {
      if (disk.append([row]) === 0) return "full";
    } catch {
      return "failed";
    }
    count.appended += 1;
    // After a failure the next attempt is scheduled already.
    if (failures === 0) schedule(waitMs);
    return "written";
  }

  function schedule(delay: number) {
    const due = performance.now() + delay;
    if (due >= dueAt) return;
    clearTimeout(timer);
    dueAt = due;
    timer = setTimeout(() => {
      dueAt = Number.POSITIVE_INFINITY;
      next();
    }, delay).unref();
  }

  // While the database is down, concurrent callers share one failed attempt.
  const flush = () =>
    failures > 0 && performance.now() - failedAt < waitMs ? Promise.resolve(false) : next();

  /** Returns the shipment after the current one; callers during a shipment share it. */
  function next(): Promise<boolean> {
    queued ??= (flight ?? Promise.resolve(true)).then(() => {
      queued = undefined;
      flight = ship().finally(() => {
        flight = undefined;
      });
      return flight;
    });
    return queued;
  }

  async function ship(): Promise<boolean> {
    const mine = waiting;
    waiting = undefined;
    const { appended } = count;
    try {
      // Retried immediately: rows are keyed by their ids, and most failures are transient.
      await drain().catch(retried);
      // A process that held us for gone may have stored some of them.
      count.stored = Math.max(count.stored, appended);
      if (failures > 0) logger.info("MCP_AUDIT_CAUGHT_UP", { attempts: failures });
      failures = 0;
    } catch (cause) {
      if (failures === 0)
        logger.error("MCP_AUDIT_WAITING", {
          rows: backlog(),
          reason: SmarterosError.isInstance(cause) ? cause.code : "refused",
        });
      failures += 1;
      failedAt = performance.now();
      schedule(Math.min(maxWaitMs, waitMs * 2 ** failures));
      return false;
    } finally {
      mine?.resolve();
    }
    schedule(backlog() > 0 ? waitMs : takeOverMs);
    return true;
  }

  function retried(cause: unknown) {
    if (failures > 0) throw cause;
    return drain();
  }

  function drain(): Promise<void> {
    return disk.drain(
      (rows) => insertRecords(rows, { store, losses, logger }),
      ({ owner, rows, unreadable }) => {
        if (unreadable > 0) losses.count(unreadable, "unreadable");
        if (owner === "own") count.stored += rows;
        else if (rows > 0) logger.info("MCP_AUDIT_REPLAYED", { rows });
      },
    );
  }

  return {
    store,
    losses,
    append,
    flush,
    settled() {
      waiting ??= Promise.withResolvers();
      return waiting.promise;
    },
    backlog,
  };
}

/**
 * Opens the buffer of a project in a state directory. Undefined where no place is given, and where the folder cannot be
 * created, which is logged.
 */
export function openAuditBuffer(
  place: { directory: string; maximumBytes: number } | undefined,
  { url, ...options }: { url: string; store: AuditStore; logger: Logger },
): AuditBuffer | undefined {
  if (!place) return undefined;
  const folder = path.join(place.directory, projectName(url));
  try {
    return createAuditBuffer({ folder, maximumBytes: place.maximumBytes, ...options });
  } catch (error) {
    const { code = "failed" } = error as NodeJS.ErrnoException;
    options.logger.error("MCP_AUDIT_NO_BUFFER", { folder, code });
    return undefined;
  }
}
