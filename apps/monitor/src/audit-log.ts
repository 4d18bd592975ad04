import { dataOf, type SupabaseClient } from "@smarteros/supabase";

/** The hash of one hour of the audit log, over its rows and the previous hour's hash. */
type Seal = { hour: string; rows: number; hash: string };
/** The verification of one seal; `problem` is the code that the SQL function `verify_seals` returns, null for none. */
export type SealFinding = { hour: string; hash: string; problem: string | null };

/** The maintenance functions of the audit log in the database. All are idempotent and safe to run concurrently. */
export type AuditLog = {
  /**
   * Drops a batch of data older than `days` days. Skips what is not counted yet and, with `sealed`, what is not sealed.
   * Resolves to the dropped counts and to `more` when expired data is left.
   */
  dropExpired(
    policy: { days: number; sealed: boolean },
    signal: AbortSignal,
  ): Promise<{ partitions: number; held: number; intents: number; more: boolean }>;
  /** Moves a batch of rows from the default partition to their own; `more` is true when rows are left. */
  movePartitions(signal: AbortSignal): Promise<{ more: boolean }>;
  /** Seals a batch of completed hours. Resolves to the new seals, an empty array when all hours are sealed. */
  seal(signal: AbortSignal): Promise<Seal[]>;
  /** Counts a batch of completed hours for the analytics; `more` is true when hours are left. */
  rollUp(signal: AbortSignal): Promise<{ more: boolean }>;
  /** Verifies a batch of seals after the given hour, from the first seal when it is undefined. */
  verify(after: string | undefined): Promise<SealFinding[]>;
};

/** Accesses the audit log of a Supabase project with the service role. */
export function supabaseAuditLog(client: SupabaseClient): AuditLog {
  return {
    async dropExpired({ days, sealed }, signal) {
      const request = client.rpc("drop_expired", { p_days: days, p_sealed: sealed }).abortSignal(signal);
      const [dropped] = dataOf(await request);
      return dropped ?? { partitions: 0, held: 0, intents: 0, more: false };
    },
    async movePartitions(signal) {
      if (dataOf(await client.rpc("move_default_rows").abortSignal(signal))) return { more: true };
      return { more: dataOf(await client.rpc("compact_partitions").abortSignal(signal)) };
    },
    seal: async (signal) => dataOf(await client.rpc("seal_audit").abortSignal(signal)),
    async rollUp(signal) {
      const [step] = dataOf(await client.rpc("roll_up_calls").abortSignal(signal));
      return { more: step?.more ?? false };
    },
    verify: async (after) => dataOf(await client.rpc("verify_seals", after ? { p_after: after } : {})),
  };
}
