import type { Logger } from "@smarteros/core";
import { examine, type Probe } from "./examine.ts";
import type { HealthRow } from "./health-row.ts";
import { keep, reasonOf } from "./keep.ts";
import type { Spill } from "./spill.ts";
import type { HealthStore } from "./store.ts";

/** What one pass saw and did. `ok` only when every service is, and all that had to be stored is. */
export type PassReport = {
  ok: boolean;
  at: string;
  results: HealthRow[];
  stored: boolean;
  /** `kept` when they were made less than a day ago, `skipped` when the database is not there anyway. */
  partitions: "ensured" | "kept" | "skipped" | "failed";
};

const dayMs = 86_400_000;

/**
 * Builds the pass: all probes side by side, their rows stored in one insert, and once a day the coming partitions of
 * the audit log. When `signal` fires, storing is given up and the rows are spilled.
 */
export function createPass(parts: {
  probes: Probe[];
  store: HealthStore;
  spill: Spill;
  logger: Logger;
  signal: AbortSignal;
  now?: () => number;
}): () => Promise<PassReport> {
  const { probes, store, logger, signal, now = Date.now } = parts;
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
    const results = await Promise.all(probes.map(examine));
    const stored = await keep(results, parts);
    const partitions = stored ? await ensurePartitions() : "skipped";
    const ok = stored && partitions !== "failed" && results.every(({ status }) => status === "ok");
    return { ok, at, results, stored, partitions };
  };
}
