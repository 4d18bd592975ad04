import type { Logger } from "@smarteros/core";
import type { AuditLog } from "./audit-log.ts";
import type { MonitorSettings } from "./env.ts";
import { reasonOf } from "./keep.ts";

/** `kept` when it was done not long ago, `skipped` when the database is not there anyway. */
export type ChoreState = "done" | "kept" | "skipped" | "failed";

/** What the settings ask for the audit log. */
export type AuditUpkeep = {
  /** Counts hours of the audit log that are over. */
  rollUp?: (signal: AbortSignal) => Promise<void>;
  dropExpired?: (signal: AbortSignal) => Promise<void>;
  seal?: (signal: AbortSignal) => Promise<void>;
};

/** Something that is due from time to time; what failed is due again at the next pass, and the log says why. */
export function createChore(chore: {
  /** Under which name a failure is logged. */
  event: string;
  everyMs: number;
  work: (signal: AbortSignal) => Promise<void>;
  logger: Logger;
  signal: AbortSignal;
  now: () => number;
}): (isReachable: boolean) => Promise<ChoreState> {
  const { event, everyMs, work, logger, signal, now } = chore;
  let doneAt = Number.NEGATIVE_INFINITY;
  return async (isReachable) => {
    if (!isReachable) return "skipped";
    if (now() - doneAt < everyMs) return "kept";
    try {
      await work(signal);
      doneAt = now();
      return "done";
    } catch (error) {
      logger.error(event, { reason: reasonOf(error, signal) });
      return "failed";
    }
  };
}

/** Counting of the audit log, and its retention and seals as the settings ask. What was dropped and each new seal is a line of the log. */
export function auditUpkeep(
  audit: AuditLog,
  { retentionDays, sealsAudit }: Pick<MonitorSettings, "retentionDays" | "sealsAudit">,
  logger: Logger,
): AuditUpkeep {
  async function seal(signal: AbortSignal) {
    const seals = await audit.seal(signal);
    for (const made of seals) logger.info("AUDIT_SEALED", made);
    if (seals.length > 0) await seal(signal);
  }

  // A first pass over an old log takes the days one after the other, and the rest waits for the next.
  async function rollUp(signal: AbortSignal, days = 31) {
    const { more } = await audit.rollUp(signal);
    if (more && days > 1) await rollUp(signal, days - 1);
  }

  return {
    rollUp: (signal) => rollUp(signal),
    ...(retentionDays === undefined
      ? {}
      : {
          async dropExpired(signal) {
            const dropped = await audit.dropExpired(retentionDays, signal);
            if (Object.values(dropped).some((count) => count > 0)) logger.info("AUDIT_EXPIRED", dropped);
          },
        }),
    ...(sealsAudit ? { seal } : {}),
  };
}
