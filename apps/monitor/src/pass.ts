import type { Logger } from "@smarteros/core";
import type { DiskBuffer } from "@smarteros/observability/disk-buffer";
import type { HealthRow } from "./health-row.ts";
import { type AuditJobs, createJob, type JobState } from "./maintenance-jobs.ts";
import type { Probe } from "./run-probe.ts";
import { runProbes } from "./run-probes.ts";
import type { HealthStore } from "./store.ts";
import { reasonOf, storeResults } from "./store-results.ts";

/** The result of one pass. `ok` is true when every service is ok, all rows are stored and no job failed. */
export type PassReport = {
  ok: boolean;
  at: string;
  results: HealthRow[];
  stored: boolean;
  /** `kept` when they were created less than a day ago, `skipped` while the database is unreachable. */
  partitions: "ensured" | "kept" | "skipped" | "failed";
  /** The daily health rollup, which also opens and closes incidents. */
  timeline?: JobState;
  /** The registration of this installation's tools and settings in the database. */
  announced?: JobState;
  /** The jobs of the audit log; absent when the settings disable them. */
  rollUp?: JobState;
  moves?: JobState;
  retention?: JobState;
  seals?: JobState;
  /** The evaluation of alert rules and the delivery of due notifications. */
  alerts?: JobState;
};

const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * Creates a pass: runs all probes, stores their rows in one insert, then runs the jobs that are due. Partitions and
 * retention of the audit log are due once a day, seals once a minute, the other jobs in every pass. Alerts run last,
 * because they are evaluated from what the other jobs store. When `signal` aborts, the rows go to the disk buffer.
 */
export function createPass(parts: {
  probes: Probe[];
  store: HealthStore;
  buffer: DiskBuffer<HealthRow>;
  logger: Logger;
  signal: AbortSignal;
  auditJobs?: AuditJobs;
  rollUpHealth?: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds over which the start times of probes are spread; 0 by default. */
  spreadMs?: number | undefined;
  alerts?: (signal: AbortSignal) => Promise<void>;
  now?: () => number;
}): () => Promise<PassReport> {
  const { probes, store, logger, signal, auditJobs, rollUpHealth, spreadMs, now = Date.now } = parts;
  const job = (event: string, everyMs: number, work: (signal: AbortSignal) => Promise<void>) =>
    createJob({ event, everyMs, work, logger, signal, now });
  const rollUp = auditJobs?.rollUp && job("MONITOR_ROLL_UP_FAILED", 0, auditJobs.rollUp);
  const announced = auditJobs?.announce && job("MONITOR_ANNOUNCE_FAILED", dayMs, auditJobs.announce);
  const moves = auditJobs?.movePartitions && job("MONITOR_PARTITIONS_FAILED", 0, auditJobs.movePartitions);
  const retention = auditJobs?.dropExpired && job("MONITOR_RETENTION_FAILED", dayMs, auditJobs.dropExpired);
  const seals = auditJobs?.seal && job("MONITOR_SEALS_FAILED", minuteMs, auditJobs.seal);
  const timeline = rollUpHealth && job("MONITOR_TIMELINE_FAILED", 0, rollUpHealth);
  const alerts = parts.alerts && job("MONITOR_ALERTS_FAILED", 0, parts.alerts);
  let ensuredAt = Number.NEGATIVE_INFINITY;

  async function ensurePartitions(): Promise<PassReport["partitions"]> {
    if (now() - ensuredAt < dayMs) return "kept";
    try {
      await store.ensurePartitions(signal);
      ensuredAt = now();
      return "ensured";
    } catch (error) {
      logger.error("MONITOR_PARTITIONS_FAILED", { reason: reasonOf(error, signal) });
      return "failed";
    }
  }

  return async () => {
    const at = new Date(now()).toISOString();
    const results = await runProbes(probes, { spreadMs });
    const stored = await storeResults(results, parts);
    const partitions = stored ? await ensurePartitions() : "skipped";
    const jobs = {
      ...(announced ? { announced: await announced(stored) } : {}),
      ...(rollUp ? { rollUp: await rollUp(stored) } : {}),
      ...(moves ? { moves: await moves(stored) } : {}),
      ...(timeline ? { timeline: await timeline(stored) } : {}),
      ...(seals ? { seals: await seals(stored) } : {}),
      ...(retention ? { retention: await retention(stored) } : {}),
      ...(alerts ? { alerts: await alerts(stored) } : {}),
    };
    const ok =
      stored &&
      ![partitions, ...Object.values(jobs)].includes("failed") &&
      results.every(({ status }) => status === "ok");
    return { ok, at, results, stored, partitions, ...jobs };
  };
}
