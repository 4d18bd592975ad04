import { type DatabaseError, requireSuccess, type SupabaseClient } from "@smarteros/supabase";
import type { HealthRow } from "./health-row.ts";

/** Where results are kept. */
export type HealthStore = {
  /**
   * Stores rows in one statement, all or none; a row whose id is there already is left alone. Resolves to `refused` for
   * rows that the table will never take, and rejects when it could not be reached or does not let us in.
   */
  insert(rows: HealthRow[], signal: AbortSignal): Promise<"stored" | "refused">;
  /** Makes the coming days' partitions of the audit log. */
  ensurePartitions(signal: AbortSignal): Promise<void>;
};

/** Keeps results in a Supabase project, as the service role. */
export function supabaseStore(client: SupabaseClient): HealthStore {
  return {
    async insert(rows, signal) {
      if (rows.length === 0) return "stored";
      const response = await client
        .from("external_health")
        .upsert(rows, { onConflict: "id", ignoreDuplicates: true })
        .abortSignal(signal);
      if (response.error && isAboutRows(response.error)) return "refused";
      requireSuccess(response);
      return "stored";
    },
    async ensurePartitions(signal) {
      requireSuccess(await client.rpc("ensure_partitions").abortSignal(signal));
    },
  };
}

// Appendix A of the PostgreSQL manual: class 22 is data that does not fit, 23 a constraint.
function isAboutRows({ code }: DatabaseError): boolean {
  return /^2[23][0-9A-Z]{3}$/.test(code ?? "");
}
