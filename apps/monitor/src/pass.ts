import type { Logger } from "@smarteros/core";
import type { DiskBuffer } from "@smarteros/observability/disk-buffer";
import { type AuditUpkeep, type ChoreState, createChore } from "./chores.ts";
import type { Probe } from "./examine.ts";
import { examineAll } from "./examine-all.ts";
import type { HealthRow } from "./health-row.ts";
import { keep, reasonOf } from "./keep.ts";
import type { HealthStore } from "./store.ts";

/** What one pass saw and did. `ok` only when every service is, and all that had to be stored is. */
export type PassReport = {
  ok: boolean;
  at: string;
  results: HealthRow[];
  stored: boolean;
  /** `kept` when they were made less than a day ago, `skipped` when the database is not there anyway. */
  partitions: "ensured" | "kept" | "skipped" | "failed";
  /** Whether what was seen is counted by the day, and incidents were opened and closed. */
  timeline?: ChoreState;
  /** Whether the tools and the settings of this installation were registered in the database. */
  announced?: ChoreState;
  /** Of the audit log: whether what is too old was dropped, and hours were sealed; absent where nobody asked for it. */
  rollUp?: ChoreState;
  moves?: ChoreState;
  retention?: ChoreState;
  seals?: ChoreState;
  /** Whether the alerts were judged by what is stored, and what was due was told. */
  alerts?: ChoreState;
};

const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * Builds the pass: all probes, 32 of them at once, their rows stored in one insert, and then what the database is asked to
 * do: once a day the coming partitions of the audit log and its retention, its counts and seals, the days and incidents of
 * the services, and the alerts, which are judged by all of it. When `signal` fires, storing is given up and the rows are
 * spilled.
 */
export function createPass(parts: {
  probes: Probe[];
  store: HealthStore;
  spill: DiskBuffer<HealthRow>;
  logger: Logger;
  signal: AbortSignal;
  upkeep?: AuditUpkeep;
  countHealth?: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds over which the beginnings of probes are spread; 0 where nothing is said. */
  spreadMs?: number | undefined;
  alerts?: (signal: AbortSignal) => Promise<void>;
  now?: () => number;
}): () => Promise<PassReport> {
  const { probes, store, logger, signal, upkeep, countHealth, spreadMs, now = Date.now } = parts;
  const chore = (event: string, everyMs: number, work: (signal: AbortSignal) => Promise<void>) =>
    createChore({ event, everyMs, work, logger, signal, now });
  const rollUp = upkeep?.rollUp && chore("MONITOR_ROLL_UP_FAILED", 0, upkeep.rollUp);
  const announced = upkeep?.announce && chore("MONITOR_ANNOUNCE_FAILED", dayMs, upkeep.announce);
  const moves = upkeep?.movePartitions && chore("MONITOR_PARTITIONS_FAILED", 0, upkeep.movePartitions);
  const retention = upkeep?.dropExpired && chore("MONITOR_RETENTION_FAILED", dayMs, upkeep.dropExpired);
  const seals = upkeep?.seal && chore("MONITOR_SEALS_FAILED", minuteMs, upkeep.seal);
  const timeline = countHealth && chore("MONITOR_TIMELINE_FAILED", 0, countHealth);
  const alerts = parts.alerts && chore("MONITOR_ALERTS_FAILED", 0, parts.alerts);
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
    const results = await examineAll(probes, { spreadMs });
    const stored = await keep(results, parts);
    const partitions = stored ? await ensurePartitions() : "skipped";
    const chores = {
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
      ![partitions, ...Object.values(chores)].includes("failed") &&
      results.every(({ status }) => status === "ok");
    return { ok, at, results, stored, partitions, ...chores };
  };
}
