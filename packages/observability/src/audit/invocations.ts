import type { SupabaseClient } from "@smarteros/supabase";
import type { CallFilters, RecordedCall } from "./call.ts";
import { supabaseCallLog } from "./call-log.ts";

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

/** Reads the last 25 invocations of the client's user, newest first. */
export async function recentInvocations(client: SupabaseClient, userId: string): Promise<RecentInvocation[]> {
  return (await newest(client, { user: userId })).map(invocationOf);
}

/**
 * Reads the last 25 invocations about a tenant, newest first: by row level security the user's own, or all of them for
 * auditors and administrators. Empty for a missing tenant.
 */
export async function tenantInvocations(
  client: SupabaseClient,
  tenantId: string,
): Promise<TenantInvocation[]> {
  const calls = await newest(client, { tenantId });
  return calls.map((call) => ({ ...invocationOf(call), userId: call.userId }));
}

function newest(client: SupabaseClient, filters: CallFilters): Promise<RecordedCall[]> {
  return supabaseCallLog(client).search(filters, { limit: maxRows, withIntents: false });
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
