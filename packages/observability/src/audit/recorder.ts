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
import { payload } from "./payload.ts";

export type RecorderOptions = {
  logger: Logger;
  /**
   * How a window of limited calls is stored: counted, when it closes; or the first call alone, at once, where the process
   * or the store's credential may not live that long.
   */
  limited: "counted" | "first";
};

/** Calls of one principal that were refused in one window. */
type Window = { calls: number; endsAt: number; stored: Promise<void>; close(): void };

/** Records every invocation as a line `[MCP_INVOCATION]` or `[MCP_INVOCATION_ERROR]` and as a row where a store is given. */
export function createRecorder({ logger, limited }: RecorderOptions): Recorder & {
  /** Closes every open window of limited calls; resolves when their rows are stored. For the end of the process. */
  flush(): Promise<void>;
} {
  const windows = new Map<string, Window>();

  async function record(invocation: InvocationRecord, store?: AuditStore): Promise<void> {
    log(invocation);
    if (!store) return;
    const stored = toStored(invocation);
    try {
      // Once more, because the row is keyed by its id: a first try that did arrive is not written twice.
      await store.insert([stored]).catch(() => store.insert([stored]));
    } catch (cause) {
      const { id, requestId, tool } = stored;
      logger.error("MCP_AUDIT_LOST", { id, requestId, tool, cause: redactCause(cause) });
    }
  }

  function log(invocation: InvocationRecord) {
    const { userId, tool, durationMs, requestId, door, code, calls, tenantId, traceId, cause } = invocation;
    const fields = {
      user: userId,
      tool: nameOf(tool),
      durationMs,
      requestId,
      door,
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
    const written = limited === "first" ? Promise.resolve() : closed.promise;
    const window: Window = {
      calls: 0,
      endsAt: performance.now() + call.windowEndsInMs,
      close() {
        clearTimeout(timer);
        if (windows.get(call.userId) === window) windows.delete(call.userId);
        closed.resolve();
      },
      stored: written.then(() => record(limitedRecord(call, limited === "first" ? 1 : window.calls), store)),
    };
    const timer = setTimeout(window.close, call.windowEndsInMs);
    timer.unref();
    windows.set(call.userId, window);
    return window;
  }

  return {
    record,
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
    },
  };
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
