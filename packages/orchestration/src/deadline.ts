import { ConnectorError, type Vendor } from "@smarteros/connectors";

type Limit = { vendor: Vendor; operation: string; deadlineMs: number; caller?: AbortSignal };

/**
 * Gives work at a vendor so many milliseconds: a deadline that passes is a vendor that does not answer. Rejects with the
 * caller's own reason where the caller goes away first.
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
