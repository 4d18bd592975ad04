import type { Capability } from "./capability.ts";

/** Lists every error code with its HTTP status. The list is closed: transports branch on it. */
export const statusOf = {
  mcp_disabled: 403,
  unauthorized: 401,
  forbidden: 403,
  invalid_json: 400,
  missing_name: 400,
  invalid_input: 400,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  payload_too_large: 413,
  tool_not_found: 404,
  not_found: 404,
  conflict: 409,
  quota_exceeded: 403,
  rate_limited: 429,
  cancelled: 499,
  upstream_error: 502,
  upstream_timeout: 504,
  deadline_exceeded: 504,
  unavailable: 503,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof statusOf;

export type InputIssue = { path: string; message: string };

/** Details of an error beside its message; all of it may be shown to the caller. */
export type ErrorDetails = {
  required?: Capability;
  issues?: InputIssue[];
  name?: string;
  didYouMean?: string;
  existingId?: string;
  /** The maximum of a quota. */
  limit?: number;
  retryAfterMs?: number;
  service?: string;
  upstreamStatus?: number;
};

const marker = Symbol.for("smarteros.error");

/**
 * An error whose message was written for the caller: what went wrong, where, and what to do next. Any other error is logged
 * and never shown.
 */
export class SmarterosError extends Error {
  override readonly name = "SmarterosError";
  readonly [marker] = true;
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  /** Returns whether a value is one of these errors, also when two copies of this package are installed. */
  static isInstance(value: unknown): value is SmarterosError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
