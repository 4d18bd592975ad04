import { ConnectorError, type Vendor } from "@smarteros/connectors";
import { underDeadline } from "@smarteros/core/deadline";

type Limit = { vendor: Vendor; operation: string; deadlineMs: number; caller?: AbortSignal };

/**
 * Limits work at a vendor to `deadlineMs`. Rejects with `unavailable` when the deadline passes, and with the reason of
 * the caller's signal when that aborts first.
 */
export async function withDeadline<T>(
  { vendor, operation, deadlineMs, caller }: Limit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // The reason by which connectors know a deadline.
  const reason = new DOMException("The deadline passed.", "TimeoutError");
  return underDeadline({ milliseconds: deadlineMs, expired: () => reason, caller }, async (signal) => {
    try {
      return await work(signal);
    } catch (thrown) {
      if (signal.reason !== reason || ConnectorError.isInstance(thrown)) throw thrown;
      const problem = { kind: "unavailable", remedy: "wait_and_retry", reason: "deadline" } as const;
      throw new ConnectorError({ vendor, operation, ...problem });
    }
  });
}
