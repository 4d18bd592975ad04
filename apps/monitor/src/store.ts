import { type DatabaseError, requireSuccess, type SupabaseClient } from "@smarteros/supabase";
import type { HealthRow } from "./health-row.ts";

/** Stores health results. */
export type HealthStore = {
  /**
   * Inserts all rows in one statement, or none; ignores rows with an existing id. Resolves to `refused` when a row violates
   * a constraint. Rejects when the database is unreachable or denies access.
   */
  insert(rows: HealthRow[], signal: AbortSignal): Promise<"stored" | "refused">;
  /** Creates the audit log's partitions for the coming days. */
  ensurePartitions(signal: AbortSignal): Promise<void>;
};

/** Stores health results in a Supabase project with the service role. */
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

// PostgreSQL manual, appendix A: class 22 is a data exception, class 23 an integrity constraint violation.
function isAboutRows({ code }: DatabaseError): boolean {
  return /^2[23][0-9A-Z]{3}$/.test(code ?? "");
}
