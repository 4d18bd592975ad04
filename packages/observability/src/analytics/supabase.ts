import { dataOf, type SupabaseClient } from "@smarteros/supabase";
import { type CallCounts, callRanking, callSums, momentLength } from "./summary.ts";

/** Reads counted calls from Supabase, as the user of the client. */
export function supabaseCallCounts(client: SupabaseClient): CallCounts {
  return {
    async summarize(question, signal) {
      const { from, to, tool, user, tenantId } = question;
      const response = await client
        .rpc("summarize_calls", {
          p_from: from,
          p_to: to,
          p_step: momentLength(question) / 1_000,
          ...(tool ? { p_tool: tool } : {}),
          ...(user ? { p_user: user } : {}),
          ...(tenantId ? { p_tenant: tenantId } : {}),
        })
        .abortSignal(signal);
      return callSums.parse(dataOf(response));
    },
    async rank(by, { from, to, tool }, signal) {
      const response = await client
        .rpc("rank_calls", { p_by: by, p_from: from, p_to: to, ...(tool ? { p_tool: tool } : {}) })
        .abortSignal(signal);
      return callRanking.parse(dataOf(response));
    },
  };
}
