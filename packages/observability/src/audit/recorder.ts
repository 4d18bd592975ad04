import type {
  AuditStore,
  InvocationRecord,
  LimitedCall,
  Logger,
  Recorder,
  StoredInvocation,
} from "@smarteros/core";
import { uuidv7 } from "@smarteros/core";
import { redactCause, redactText } from "../redact.ts";
import type { AuditBuffer } from "./audit-buffer.ts";
import { createBatches } from "./batches.ts";
import { createLosses } from "./losses.ts";
import { payload } from "./payload.ts";

export type RecorderOptions = {
  logger: Logger;
  /**
   * `long` where the process and the credentials of its stores outlive a call: limited calls are counted over their window,
   * and rows that no caller waits for are batched. `short`: every row is written at once, and of a window the first call
   * only.
   */
  lifetime: "long" | "short";
  /** A disk buffer for a long-lived process: rows for the buffer's store are on disk before the caller gets a response. */
  buffer?: AuditBuffer | undefined;
};

/** The records that are not stored yet, and those dropped since the start of the process. */
export type AuditState = { backlog: number; dropped: number };

/** The calls of one principal that were refused in one window. */
type Window = { calls: number; endsAt: number; stored: Promise<void>; close(): void };

const timeoutMs = 5_000;

/** Records every invocation as a line `[MCP_INVOCATION]` or `[MCP_INVOCATION_ERROR]` and as a row where a store is given. */
export function createRecorder({ logger, lifetime, buffer }: RecorderOptions): Recorder & {
  /** Closes every open window of limited calls; resolves when all rows are stored. Call it before the process exits. */
  flush(): Promise<void>;
  state(): AuditState;
} {
  const losses = buffer?.losses ?? createLosses(logger);
  const windows = new Map<string, Window>();
  const gather = createBatches(write);

  async function record(invocation: InvocationRecord, store?: AuditStore, pace: "now" | "soon" = "now") {
    log(invocation);
    if (!store) return;
    const row = toStored(invocation);
    if (buffer && store === buffer.store && buffer.append(row) === "written") {
      // The row is on disk; the caller waits up to 5 s for the database.
      if (pace === "now") await atMost(timeoutMs, buffer.flush());
    } else await (pace === "soon" && lifetime === "long" ? gather(row, store) : write([row], store));
  }

  /** Appends to the disk buffer. A row that the disk refuses is stored without it; one too many is dropped. */
  function append(invocation: InvocationRecord, store?: AuditStore): Promise<void> | undefined {
    if (!buffer || !store || store !== buffer.store) return undefined;
    const row = toStored(invocation);
    log(invocation);
    const outcome = buffer.append(row);
    if (outcome === "failed") return gather(row, store);
    if (outcome === "full") losses.count(1, "full");
    return buffer.settled();
  }

  async function write(rows: StoredInvocation[], store: AuditStore): Promise<void> {
    try {
      // Retried, because a row is keyed by its id: one that did arrive is not written twice.
      await store.insert(rows).catch(() => store.insert(rows));
    } catch (cause) {
      // One row that the store refuses must not drop the others.
      if (rows.length > 1) await Promise.all(rows.map((row) => write([row], store)));
      else
        for (const { id, requestId, tool } of rows) {
          logger.error("MCP_AUDIT_LOST", { id, requestId, tool, cause: redactCause(cause) });
          losses.count(1, "not stored");
        }
    }
  }

  function log(invocation: InvocationRecord) {
    const { userId, tool, durationMs, requestId, transport, code, calls, tenantId, traceId, cause } =
      invocation;
    const fields = {
      user: userId,
      tool: nameOf(tool),
      durationMs,
      requestId,
      transport,
      code,
      calls,
      tenantId,
      traceId,
    };
    if (invocation.success) logger.info("MCP_INVOCATION", fields);
    else
      logger.error(
        "MCP_INVOCATION_ERROR",
        cause === undefined ? fields : { ...fields, cause: redactCause(cause) },
      );
  }

  function open(call: LimitedCall, store?: AuditStore): Window {
    const closed = Promise.withResolvers<void>();
    const written = lifetime === "short" ? Promise.resolve() : closed.promise;
    const window: Window = {
      calls: 0,
      endsAt: performance.now() + call.windowEndsInMs,
      close() {
        clearTimeout(timer);
        if (windows.get(call.userId) === window) windows.delete(call.userId);
        closed.resolve();
      },
      stored: written.then(() => record(limitedRecord(call, lifetime === "short" ? 1 : window.calls), store)),
    };
    const timer = setTimeout(window.close, call.windowEndsInMs);
    timer.unref();
    windows.set(call.userId, window);
    return window;
  }

  return {
    record,
    append,
    limited(call, store) {
      const current = windows.get(call.userId);
      const window = current && current.endsAt > performance.now() ? current : open(call, store);
      window.calls += 1;
      return window.stored;
    },
    async intend(intent, store) {
      if (!store) return;
      await store.intend({ ...intent, args: payload(intent.args).json });
    },
    async flush() {
      const open = [...windows.values()];
      for (const window of open) window.close();
      await Promise.all(open.map((window) => window.stored));
      await buffer?.flush();
    },
    state: () => ({ backlog: buffer?.backlog() ?? 0, dropped: losses.total() }),
  };
}

async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, milliseconds);
  await Promise.race([work, late.promise]);
  clearTimeout(timer);
}

function limitedRecord({ windowEndsInMs, ...call }: LimitedCall, calls: number): InvocationRecord {
  return {
    ...call,
    id: uuidv7(call.createdAt.getTime()),
    args: {},
    result: { error: "rate_limited" },
    durationMs: 0,
    success: false,
    code: "rate_limited",
    calls,
  };
}

/** Converts a record for storing. `redacted` is about the arguments: such a call cannot be repeated from its record. */
function toStored({ args, result, cause, ...invocation }: InvocationRecord): StoredInvocation {
  const given = payload(args);
  return {
    ...invocation,
    tool: nameOf(invocation.tool),
    args: given.json,
    result: payload(result).json,
    redacted: given.changed,
  };
}

/** Cleans a tool's name for storing: a caller may give any text, also one that Postgres cannot store. */
function nameOf(tool: string): string {
  const shown = redactText(tool, { ruts: true }).slice(0, 100);
  return shown.toWellFormed().replace(/\p{Cc}/gu, "\ufffd");
}
