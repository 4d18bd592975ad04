import { databaseError, type SupabaseClient } from "@smarteros/supabase";
import { type CallCounts, callSummary, momentLength } from "./summary.ts";

/** The counted calls in Supabase, as the user whose client this is. */
export function supabaseCallCounts(client: SupabaseClient): CallCounts {
  return {
    async summarize(question, signal) {
      const { from, to, tool, user, tenantId } = question;
      const { data, error, status } = await client
        .rpc("summarize_calls", {
          p_from: from,
          p_to: to,
          p_step: momentLength(question) / 1_000,
          ...(tool ? { p_tool: tool } : {}),
          ...(user ? { p_user: user } : {}),
          ...(tenantId ? { p_tenant: tenantId } : {}),
        })
        .abortSignal(signal);
      if (error) throw databaseError(error, status);
      return callSummary.parse(data);
    },
  };
}
