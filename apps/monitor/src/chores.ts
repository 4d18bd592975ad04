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
  /** Moves calls to the partitions where they belong. */
  movePartitions?: (signal: AbortSignal) => Promise<void>;
  /** Registers the tools of the catalog and stores the settings that SQL enforces. */
  announce?: (signal: AbortSignal) => Promise<void>;
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

/** Steps of a job in one pass: the rest waits for the next one. */
const stepsPerPass = 31;

/** Takes steps of a job, each a request of its own, until nothing is left or a pass has had its share. */
async function inSteps(step: () => Promise<{ more: boolean }>, left = stepsPerPass): Promise<void> {
  const { more } = await step();
  if (more && left > 1) await inSteps(step, left - 1);
}

/**
 * Counts and partitions the audit log, and drops and seals it as the settings say. What was dropped and each new seal is a
 * line of the log.
 */
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

  return {
    rollUp: (signal) => inSteps(() => audit.rollUp(signal)),
    movePartitions: (signal) => inSteps(() => audit.movePartitions(signal)),
    ...(retentionDays === undefined
      ? {}
      : {
          dropExpired: (signal) =>
            inSteps(async () => {
              const policy = { days: retentionDays, sealed: sealsAudit };
              const { more, ...dropped } = await audit.dropExpired(policy, signal);
              if (Object.values(dropped).some((count) => count > 0)) logger.info("AUDIT_EXPIRED", dropped);
              return { more };
            }),
        }),
    ...(sealsAudit ? { seal } : {}),
  };
}
