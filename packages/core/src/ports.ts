import type { ErrorCode } from "./errors.ts";

/** The state of a principal's rate limit. Times are milliseconds from now. */
export type LimitState = { allowed: boolean; limit: number; remaining: number; resetMs: number };

export type Limiter = {
  /** Draws one call from the key's window. */
  consume(key: string): Promise<LimitState>;
  /** Reads the state without drawing a call. */
  peek(key: string): Promise<LimitState>;
};

/** The transport over which a call arrived. */
export type Transport = "http" | "stdio" | "mcp";

/** The outcome of one invocation; rate-limited calls share one record per principal and window. */
export type InvocationRecord = {
  id: string;
  userId: string;
  tool: string;
  args: unknown;
  result: unknown;
  durationMs: number;
  success: boolean;
  code: ErrorCode | "ok";
  transport: Transport;
  tenantId?: string | undefined;
  requestId: string;
  traceId?: string | undefined;
  calls: number;
  createdAt: Date;
  /** The error behind an `internal`; for the log only. */
  cause?: unknown;
};

/** Announces that a destructive tool is about to run; `id` is the id that its invocation record will have. */
export type IntentRecord = {
  id: string;
  userId: string;
  tool: string;
  tenantId?: string | undefined;
  args: unknown;
  requestId: string;
  createdAt: Date;
};

/** A rate-limited call and the milliseconds until its window ends. */
export type LimitedCall = Pick<
  InvocationRecord,
  "userId" | "tool" | "transport" | "requestId" | "createdAt"
> & {
  windowEndsInMs: number;
};

/** A record in the form it is stored: redacted, arguments and result as JSON text. */
export type StoredInvocation = Omit<InvocationRecord, "args" | "result" | "cause"> & {
  args: string;
  result: string;
  redacted: boolean;
};
export type StoredIntent = Omit<IntentRecord, "args"> & { args: string };

/** A store of records, as one principal or as the service. */
export type AuditStore = {
  /**
   * Stores records; one whose id is stored already is left unchanged. Rejects with `invalid_input` when the database will
   * never accept one of them.
   */
  insert(records: StoredInvocation[]): Promise<void>;
  intend(intent: StoredIntent): Promise<void>;
};

/** Turns invocations into log lines and, where a store is given, rows. */
export type Recorder = {
  /**
   * Resolves when the row is stored, or its loss is logged; never rejects. `soon` batches it with others, for calls that no
   * caller waits for.
   */
  record(record: InvocationRecord, store?: AuditStore, pace?: "now" | "soon"): Promise<void>;
  /**
   * Writes to a disk buffer before it returns; undefined where there is none for this store, and `record` is still due.
   * Resolves when the row is stored, or is on disk while the database is away. Never rejects.
   */
  append?(record: InvocationRecord, store?: AuditStore): Promise<void> | undefined;
  /** Counts a limited call; resolves when the row of its window is stored. Never rejects. */
  limited(call: LimitedCall, store?: AuditStore): Promise<void>;
  /** Rejects where the intent could not be stored: the tool must then not run. */
  intend(intent: IntentRecord, store?: AuditStore): Promise<void>;
};
