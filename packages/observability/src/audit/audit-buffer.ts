import { closeSync, ftruncateSync, futimesSync, rmSync, writeSync } from "node:fs";
import { metrics } from "@opentelemetry/api";
import { type AuditStore, type Logger, SmarterosError, type StoredInvocation } from "@smarteros/core";
import { parseLines, readIfAny } from "../disk-buffer/json-lines.ts";
import {
  abandonedSegments,
  bufferFolder,
  openSegment,
  prepareFolder,
  type Segment,
} from "../disk-buffer/segments.ts";
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
const segmentBytes = 4_194_304;
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
  const closed: (Segment & { rows?: number })[] = [];
  let current: { file: string; descriptor: number; bytes: number; rows: number } | undefined;
  let flight: Promise<boolean> | undefined;
  let queued: Promise<boolean> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let waiting: PromiseWithResolvers<void> | undefined;
  let failures = 0;
  let failedAt = Number.NEGATIVE_INFINITY;
  let tookOverAt = Number.NEGATIVE_INFINITY;

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

  function append(row: StoredInvocation): "written" | "full" | "failed" {
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
    // After a failure the next attempt is scheduled already.
    if (failures === 0) schedule(waitMs);
    return "written";
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
    try {
      takeOver();
      // Retried at once: rows are keyed by their ids, and most failures are transient.
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
      schedule(Math.min(maxWaitMs, waitMs * 2 ** failures));
      return false;
    } finally {
      mine?.resolve();
    }
    schedule(current ? waitMs : takeOverMs);
    return true;
  }

  function retried(cause: unknown) {
    if (failures > 0) throw cause;
    return sendClosed();
  }

  function takeOver() {
    if (performance.now() - tookOverAt < takeOverMs) return;
    tookOverAt = performance.now();
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
    const { pieces, rows, unreadable } = parseLines(readIfAny(segment.file), parseRecord);
    const isAbandoned = segment.rows === undefined;
    segment.rows = rows;
    for (const piece of pieces) {
      await insertRecords(piece, { store, losses, logger });
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

/**
 * Opens the buffer of a project in a state directory. Undefined where no place is given, and where the folder cannot be
 * created, which is logged.
 */
export function openAuditBuffer(
  place: { directory: string; maximumBytes: number } | undefined,
  { url, ...options }: { url: string; store: AuditStore; logger: Logger },
): AuditBuffer | undefined {
  if (!place) return undefined;
  const folder = bufferFolder(place.directory, url);
  try {
    return createAuditBuffer({ folder, maximumBytes: place.maximumBytes, ...options });
  } catch (error) {
    const { code = "failed" } = error as NodeJS.ErrnoException;
    options.logger.error("MCP_AUDIT_NO_SPOOL", { folder, code });
    return undefined;
  }
}
