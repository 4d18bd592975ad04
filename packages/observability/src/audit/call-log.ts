import { type Database, readRows, type SupabaseClient } from "@smarteros/supabase";
import type { CallLog } from "./call.ts";
import { parsedJson } from "./payload.ts";

type FoundRow = Database["public"]["Functions"]["search_invocations"]["Returns"][number];

/** Reads the audit log from Supabase, as the user of the client. */
export function supabaseCallLog(client: SupabaseClient): CallLog {
  return {
    async search(
      { id, user, tool, tenantId, status, requestId, from, to },
      { limit, after, withIntents = true },
      signal,
    ) {
      const wanted = {
        p_id: id,
        p_user: user,
        p_tool: tool,
        p_tenant: tenantId,
        p_status: status,
        p_request_id: requestId,
        p_from: from,
        p_to: to,
        p_intents: withIntents,
      };
      const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
      const first = after && { created_at: after.createdAt, id: after.id };
      const rows = await readRows<FoundRow>((last, most) => {
        const position = last ?? first;
        const page = {
          p_limit: most,
          ...(position ? { p_before: position.created_at, p_before_id: position.id } : {}),
        };
        const request = client.rpc("search_invocations", { ...given, ...page }, { count: "exact" });
        return signal ? request.abortSignal(signal) : request;
      }, limit);
      return rows.map((row) => ({
        id: row.id,
        at: row.created_at,
        userId: row.user_id,
        tool: row.tool,
        tenantId: row.tenant_id,
        code: row.code,
        success: row.success,
        durationMs: row.duration_ms,
        calls: row.calls,
        transport: row.transport,
        requestId: row.request_id,
        traceId: row.trace_id,
        recordedBy: row.recorded_by,
        redacted: row.redacted,
        args: parsedJson(row.args),
        result: parsedJson(row.result),
      }));
    },
  };
}
