import { dataOf, type SupabaseClient } from "@smarteros/supabase";

/** The hash of an hour of the audit log, over its rows and the hash before. */
type Seal = { hour: string; rows: number; hash: string };
/** A seal as it was found; `problem` in the words of the function `verify_seals`. */
export type SealFinding = { hour: string; hash: string; problem: string | null };

/** What the database does for its own audit log. All of it may be asked for twice, and side by side. */
export type AuditLog = {
  /**
   * Drops some of what is older than so many days, but nothing that is not counted yet, nor with `sealed` what is not
   * sealed; resolves to how much that was and whether some is left.
   */
  dropExpired(
    policy: { days: number; sealed: boolean },
    signal: AbortSignal,
  ): Promise<{ partitions: number; held: number; intents: number; more: boolean }>;
  /** Moves some rows to the partitions where they belong; resolves to whether some are left. */
  movePartitions(signal: AbortSignal): Promise<{ more: boolean }>;
  /** Seals some of the hours that are over; resolves to the new seals, none when all are sealed. */
  seal(signal: AbortSignal): Promise<Seal[]>;
  /** Counts some of the hours that are over, for the analytics; resolves to whether some are left. */
  rollUp(signal: AbortSignal): Promise<{ more: boolean }>;
  /** Looks at some of the seals after that hour, or from the first on. */
  verify(after: string | undefined): Promise<SealFinding[]>;
};

/** The audit log of a Supabase project, as the service role. */
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
