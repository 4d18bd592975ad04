import type { ConnectorErrorKind } from "@smarteros/connectors";

export type RetryPolicy = {
  /** Attempts of one step, the first one included. */
  attempts: number;
  /** Milliseconds before the second attempt; doubled from attempt to attempt. */
  firstDelayMs: number;
  longestDelayMs: number;
};

export const defaultRetries: RetryPolicy = { attempts: 5, firstDelayMs: 2_000, longestDelayMs: 120_000 };

// What a person has to mend first is not tried again by itself.
const passing: ReadonlySet<ConnectorErrorKind> = new Set(["rate_limited", "unavailable", "unknown"]);

/**
 * Milliseconds until the next attempt after a failure, undefined where there is to be none. Exponential with full
 * jitter above the half, so that many who failed together do not come back together; never sooner than the vendor asked.
 */
export function delayAfter(
  { kind, retryAfterMs = 0 }: { kind: ConnectorErrorKind; retryAfterMs?: number | undefined },
  attempts: number,
  { attempts: most, firstDelayMs, longestDelayMs }: RetryPolicy,
  random: () => number = Math.random,
): number | undefined {
  if (attempts >= most || !passing.has(kind)) return undefined;
  const delay = Math.min(firstDelayMs * 2 ** (attempts - 1), longestDelayMs);
  return Math.min(Math.max(Math.round(delay * (0.5 + random() / 2)), retryAfterMs), longestDelayMs);
}
