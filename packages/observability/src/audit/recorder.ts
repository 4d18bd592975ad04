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
   * Whether the process and the credentials of its stores live on between calls. Where they do, limited calls are counted
   * over their window and rows that no one waits for are written in batches; where they do not, every row is written at
   * once, and of a window the first call alone.
   */
  lifetime: "long" | "short";
  /** A local log for a process that lives on: what goes to the buffer's store is in it before anybody is answered. */
  buffer?: AuditBuffer | undefined;
};

/** How many records wait to be stored, and how many were given up since the start of the process. */
export type AuditState = { backlog: number; dropped: number };

/** Calls of one principal that were refused in one window. */
type Window = { calls: number; endsAt: number; stored: Promise<void>; close(): void };

const patienceMs = 5_000;

/** Records every invocation as a line `[MCP_INVOCATION]` or `[MCP_INVOCATION_ERROR]` and as a row where a store is given. */
export function createRecorder({ logger, lifetime, buffer }: RecorderOptions): Recorder & {
  /** Closes every open window of limited calls; resolves when all rows are stored. For the end of the process. */
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
      // It is safe already; the caller waits for the database as long as there is hope.
      if (pace === "now") await atMost(patienceMs, buffer.flush());
    } else await (pace === "soon" && lifetime === "long" ? gather(row, store) : write([row], store));
  }

  /** A row that the disk refuses goes the way of those without a local log; one too many is dropped. */
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
      // Once more, because a row is keyed by its id: what did arrive the first time is not written twice.
      await store.insert(rows).catch(() => store.insert(rows));
    } catch (cause) {
      // One row that the store refuses must not take the others along.
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

/** `redacted` speaks of the arguments: such a call cannot be repeated from its record. */
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

/** The name as the caller gave it may be anything, also what Postgres cannot store. */
function nameOf(tool: string): string {
  const shown = redactText(tool, { ruts: true }).slice(0, 100);
  return shown.toWellFormed().replace(/\p{Cc}/gu, "\ufffd");
}
