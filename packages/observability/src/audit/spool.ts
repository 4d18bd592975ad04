import { closeSync, ftruncateSync, futimesSync, rmSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { metrics } from "@opentelemetry/api";
import { type AuditStore, type Logger, SmarterosError, type StoredInvocation } from "@smarteros/core";
import { createLosses, type Losses } from "./losses.ts";
import { readRows, sendRows } from "./send-rows.ts";
import { abandonedSegments, openSegment, prepareFolder, type Segment, spoolFolder } from "./spool-files.ts";

export type SpoolOptions = {
  /** A folder of this project's rows alone; made where it is not there. */
  folder: string;
  store: AuditStore;
  logger: Logger;
  /** How much may wait for a database that is down; 256 MiB by default. What comes then is dropped and counted. */
  maximumBytes?: number;
};

/** A local log that rows are in before anybody is answered, and from which they are stored in batches. */
export type Spool = {
  store: AuditStore;
  losses: Losses;
  /** Writes a row: when it is kept it survives the process. `full` is one too many, `failed` a disk that refuses. */
  append(row: StoredInvocation): "kept" | "full" | "failed";
  /** Ships now; resolves to whether everything that was appended before is stored. */
  flush(): Promise<boolean>;
  /** Resolves when what was appended before has been shipped with others, or in vain. */
  settled(): Promise<void>;
  /** Rows that wait. */
  backlog(): number;
};

const waitMs = 100;
const longestWaitMs = 5_000;
const segmentBytes = 4_194_304;
const lookAroundMs = 30_000;
const touchMs = 20_000;

/** Opens the log, and takes over what processes that are gone have left. Throws where the folder cannot be made. */
export function createSpool({ folder, store, logger, maximumBytes = 268_435_456 }: SpoolOptions): Spool {
  const losses = createLosses(logger);
  const closed: (Segment & { rows?: number })[] = [];
  let current: { file: string; descriptor: number; bytes: number; rows: number } | undefined;
  let flight: Promise<boolean> | undefined;
  let queued: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let waiting: PromiseWithResolvers<void> | undefined;
  let failures = 0;
  let failedAt = Number.NEGATIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;

  prepareFolder(folder);
  const backlog = () => closed.reduce((sum, { rows = 0 }) => sum + rows, current?.rows ?? 0);
  metrics
    .getMeter("@smarteros/observability")
    .createObservableGauge("smarteros.audit.backlog", {
      description: "Audit records that wait to be stored.",
    })
    .addCallback((result) => result.observe(backlog()));
  setInterval(touch, touchMs).unref();
  schedule(0);

  function append(row: StoredInvocation): "kept" | "full" | "failed" {
    const line = Buffer.from(`${JSON.stringify(row)}\n`);
    const taken = closed.reduce((sum, { bytes }) => sum + bytes, current?.bytes ?? 0);
    if (taken + line.length > maximumBytes) return "full";
    try {
      current ??= { ...openSegment(folder), bytes: 0, rows: 0 };
      if (writeSync(current.descriptor, line) < line.length) {
        ftruncateSync(current.descriptor, current.bytes);
        return "failed";
      }
    } catch {
      return "failed";
    }
    current.bytes += line.length;
    current.rows += 1;
    if (current.bytes >= segmentBytes) rotate();
    // After a failure the next attempt has its time already.
    if (failures === 0) schedule(waitMs);
    return "kept";
  }

  function rotate() {
    if (!current) return;
    closeSync(current.descriptor);
    closed.push(current);
    current = undefined;
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

  // Many may ask while the database is down; that it is need not be found out for each.
  const flush = () =>
    failures > 0 && performance.now() - failedAt < waitMs ? Promise.resolve(false) : next();

  /** Those who ask while one shipment is under way share the next. */
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
    try {
      lookAround();
      // Once more at once: rows are keyed by their ids, and most failures are of a moment.
      await sendClosed().catch(retried);
      rotate();
      await sendClosed().catch(retried);
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
      schedule(Math.min(longestWaitMs, waitMs * 2 ** failures));
      return false;
    } finally {
      mine?.resolve();
    }
    schedule(current ? waitMs : lookAroundMs);
    return true;
  }

  function retried(cause: unknown) {
    if (failures > 0) throw cause;
    return sendClosed();
  }

  function lookAround() {
    if (performance.now() - lookedAt < lookAroundMs) return;
    lookedAt = performance.now();
    const known = new Set(closed.map(({ file }) => file));
    closed.unshift(...abandonedSegments(folder).filter(({ file }) => !known.has(file)));
  }

  async function sendClosed() {
    for (let segment = closed[0]; segment; segment = closed[0]) {
      await send(segment);
      rmSync(segment.file, { force: true });
      closed.shift();
    }
  }

  async function send(segment: Segment & { rows?: number }) {
    const { pieces, rows, unreadable } = readRows(await textOf(segment.file));
    const isAbandoned = segment.rows === undefined;
    segment.rows = rows;
    for (const piece of pieces) {
      await sendRows(piece, { store, losses, logger });
    }
    if (unreadable > 0) losses.count(unreadable, "unreadable");
    if (isAbandoned && rows > 0) logger.info("MCP_AUDIT_REPLAYED", { rows });
  }

  function touch() {
    const now = new Date();
    if (current) futimesSync(current.descriptor, now, now);
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

// Another process may have taken over the same file and been faster.
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/**
 * The log of a project in a state directory. Undefined where there is no place for it, of which the log tells when it is
 * the place's own fault.
 */
export function openSpool(
  place: { directory: string; maximumBytes: number } | undefined,
  { url, ...options }: { url: string; store: AuditStore; logger: Logger },
): Spool | undefined {
  if (!place) return undefined;
  const folder = spoolFolder(place.directory, url);
  try {
    return createSpool({ folder, maximumBytes: place.maximumBytes, ...options });
  } catch (error) {
    const { code = "failed" } = error as NodeJS.ErrnoException;
    options.logger.error("MCP_AUDIT_NO_SPOOL", { folder, code });
    return undefined;
  }
}
