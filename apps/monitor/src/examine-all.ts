import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { examine, type Probe } from "./examine.ts";
import type { HealthRow } from "./health-row.ts";

const atOnce = 32;

/**
 * Looks at all services, at most 32 at once. A probe's deadline begins when its turn has come, so that one that hangs
 * costs the others nothing but its place. Beginnings are spread over `spreadMs` milliseconds at random.
 */
export function examineAll(
  probes: Probe[],
  { spreadMs = 0, random = Math.random }: { spreadMs?: number | undefined; random?: () => number } = {},
): Promise<HealthRow[]> {
  const limit = pLimit(atOnce);
  return Promise.all(
    probes.map(async (probe) => {
      if (spreadMs > 0) await sleep(random() * spreadMs);
      return limit(() => examine(probe));
    }),
  );
}
