import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import type { HealthRow } from "./health-row.ts";
import { type Probe, runProbe } from "./run-probe.ts";

const maxConcurrency = 32;

/**
 * Runs all probes, at most 32 concurrently. A probe's timeout starts with the probe, so a hanging one delays no other's
 * timeout. Start times are spread at random over `spreadMs` milliseconds.
 */
export function runProbes(
  probes: Probe[],
  { spreadMs = 0, random = Math.random }: { spreadMs?: number | undefined; random?: () => number } = {},
): Promise<HealthRow[]> {
  const limit = pLimit(maxConcurrency);
  return Promise.all(
    probes.map(async (probe) => {
      if (spreadMs > 0) await sleep(random() * spreadMs);
      return limit(() => runProbe(probe));
    }),
  );
}
