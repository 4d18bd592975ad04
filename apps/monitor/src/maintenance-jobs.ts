import type { Logger } from "@smarteros/core";
import type { AuditLog } from "./audit-log.ts";
import type { MonitorSettings } from "./env.ts";
import { reasonOf } from "./store-results.ts";

/** The outcome of a job in one pass: `kept` when it is not due yet, `skipped` while the database is unreachable. */
export type JobState = "done" | "kept" | "skipped" | "failed";

/** The jobs that maintain the audit log; the settings decide which of the optional ones run. */
export type AuditJobs = {
  /** Counts the completed hours of the audit log. */
  rollUp?: (signal: AbortSignal) => Promise<void>;
  dropExpired?: (signal: AbortSignal) => Promise<void>;
  /** Moves calls from the default partition to the partition of their day. */
  movePartitions?: (signal: AbortSignal) => Promise<void>;
  /** Registers the tools of the catalog and stores the settings that SQL enforces. */
  announce?: (signal: AbortSignal) => Promise<void>;
  seal?: (signal: AbortSignal) => Promise<void>;
};

/** Creates a job that is due every `everyMs` milliseconds. A failed job is logged and due again in the next pass. */
export function createJob(job: {
  /** The event name under which a failure is logged. */
  event: string;
  everyMs: number;
  work: (signal: AbortSignal) => Promise<void>;
  logger: Logger;
  signal: AbortSignal;
  now: () => number;
}): (isReachable: boolean) => Promise<JobState> {
  const { event, everyMs, work, logger, signal, now } = job;
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

/** Limits the steps of one job in one pass; the next pass continues. */
const stepsPerPass = 31;

/** Runs a job step by step, one request each, until no work is left or `stepsPerPass` is reached. */
async function inSteps(step: () => Promise<{ more: boolean }>, left = stepsPerPass): Promise<void> {
  const { more } = await step();
  if (more && left > 1) await inSteps(step, left - 1);
}

/**
 * Creates the jobs that count and partition the audit log and, where the settings enable them, drop expired rows and seal
 * completed hours. Logs the number of dropped rows and each new seal.
 */
export function auditJobs(
  audit: AuditLog,
  { retentionDays, sealsAudit }: Pick<MonitorSettings, "retentionDays" | "sealsAudit">,
  logger: Logger,
): AuditJobs {
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
