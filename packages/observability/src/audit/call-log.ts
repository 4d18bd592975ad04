import { databaseError, type SupabaseClient } from "@smarteros/supabase";
import type { CallLog } from "./call.ts";
import { parsedJson } from "./payload.ts";

/** The audit log in Supabase, as the user whose client this is. */
export function supabaseCallLog(client: SupabaseClient): CallLog {
  return {
    async search({ id, user, tool, tenantId, status, requestId, from, to }, { limit, after }, signal) {
      const wanted = {
        p_id: id,
        p_user: user,
        p_tool: tool,
        p_tenant: tenantId,
        p_status: status,
        p_request_id: requestId,
        p_from: from,
        p_to: to,
        p_before: after?.createdAt,
        p_before_id: after?.id,
      };
      const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
      const {
        data,
        error,
        status: httpStatus,
      } = await client.rpc("search_invocations", { ...given, p_limit: limit }).abortSignal(signal);
      if (error) throw databaseError(error, httpStatus);
      return data.map((row) => ({
        id: row.id,
        at: row.created_at,
        userId: row.user_id,
        tool: row.tool,
        tenantId: row.tenant_id,
        code: row.code,
        success: row.success,
        durationMs: row.duration_ms,
        calls: row.calls,
        door: row.door,
        requestId: row.request_id,
        traceId: row.trace_id,
        redacted: row.redacted,
        args: parsedJson(row.args),
        result: parsedJson(row.result),
      }));
    },
  };
}
