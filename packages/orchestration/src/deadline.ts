import { ConnectorError, type Vendor } from "@smarteros/connectors";

type Limit = { vendor: Vendor; operation: string; deadlineMs: number; caller?: AbortSignal };

/**
 * Limits work at a vendor to `deadlineMs`. Rejects with `unavailable` when the deadline passes, and with the reason of
 * the caller's signal when that aborts first.
 */
export async function withDeadline<T>(
  { vendor, operation, deadlineMs, caller }: Limit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    return await work(caller ? AbortSignal.any([deadline, caller]) : deadline);
  } catch (thrown) {
    if (!deadline.aborted || caller?.aborted || ConnectorError.isInstance(thrown)) throw thrown;
    const problem = { kind: "unavailable", remedy: "wait_and_retry", reason: "deadline" } as const;
    throw new ConnectorError({ vendor, operation, ...problem });
  }
}
