import type { ConnectorErrorKind } from "@smarteros/connectors";

export type RetryPolicy = {
  /** Maximum attempts of one step, including the first. */
  attempts: number;
  /** Milliseconds before the second attempt; doubles with each attempt. */
  firstDelayMs: number;
  maxDelayMs: number;
};

export const defaultRetries: RetryPolicy = { attempts: 5, firstDelayMs: 2_000, maxDelayMs: 120_000 };

// Failures of other kinds need a person, so they are not retried.
const transient: ReadonlySet<ConnectorErrorKind> = new Set(["rate_limited", "unavailable", "unknown"]);

/**
 * Returns the milliseconds until the next attempt after a failure, or undefined when there is none. Exponential backoff
 * of which the upper half is random, so that steps that failed together do not retry together. Never sooner than the
 * vendor's Retry-After.
 */
export function delayAfter(
  { kind, retryAfterMs = 0 }: { kind: ConnectorErrorKind; retryAfterMs?: number | undefined },
  attempts: number,
  { attempts: maxAttempts, firstDelayMs, maxDelayMs }: RetryPolicy,
  random: () => number = Math.random,
): number | undefined {
  if (attempts >= maxAttempts || !transient.has(kind)) return undefined;
  const delay = Math.min(firstDelayMs * 2 ** (attempts - 1), maxDelayMs);
  return Math.min(Math.max(Math.round(delay * (0.5 + random() / 2)), retryAfterMs), maxDelayMs);
}
