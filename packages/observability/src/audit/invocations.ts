import type { CallFilters, CallLog, RecordedCall } from "./call.ts";

/** An invocation as its caller may read it; `args` and `result` are JSON values, or text where a limit cut them. */
export type RecentInvocation = {
  id: string;
  at: string;
  tool: string;
  durationMs: number;
  success: boolean;
  code: string | null;
  args: unknown;
  result: unknown;
  redacted: boolean;
  requestId: string | null;
  /** `self` where the user's own token wrote the row: then only the user, the time and the origin are verified. */
  recordedBy: string | null;
};

/** An invocation about one tenant, with its user. */
export type TenantInvocation = RecentInvocation & { userId: string };

const maxRows = 25;

/** Reads a user's last 25 invocations, newest first. */
export async function recentInvocations(log: CallLog, userId: string): Promise<RecentInvocation[]> {
  return (await newest(log, { user: userId })).map(invocationOf);
}

/**
 * Reads the last 25 invocations about a tenant, newest first: the log's user's own, or all of them for auditors and
 * administrators. Empty for a missing tenant.
 */
export async function tenantInvocations(log: CallLog, tenantId: string): Promise<TenantInvocation[]> {
  const calls = await newest(log, { tenantId });
  return calls.map((call) => ({ ...invocationOf(call), userId: call.userId }));
}

function newest(log: CallLog, filters: CallFilters): Promise<RecordedCall[]> {
  return log.search(filters, { limit: maxRows, withIntents: false });
}

function invocationOf(call: RecordedCall): RecentInvocation {
  const { id, at, tool, success, code, args, result, redacted, requestId, recordedBy } = call;
  return {
    id,
    at,
    tool,
    durationMs: call.durationMs ?? 0,
    success,
    code,
    args,
    result,
    redacted,
    requestId,
    recordedBy,
  };
}
