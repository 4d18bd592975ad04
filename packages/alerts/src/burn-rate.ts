import type { CountedCalls } from "./observations.ts";

/**
 * Limits how fast an error budget may burn: 2 % of a month's in an hour, 5 % in six hours, 10 % in three days. The short
 * window closes an alert soon after its cause is gone. Source: The Site Reliability Workbook, chapter 5.
 */
export const burnWindows = [
  { longMinutes: 60, shortMinutes: 5, rate: 14.4 },
  { longMinutes: 360, shortMinutes: 30, rate: 6 },
  { longMinutes: 4_320, shortMinutes: 360, rate: 1 },
] as const;

export type Burn = { state: "bad" | "good" | "unknown"; why: string };

/** Judges one tool's counts, by the length of their window in minutes, against an objective such as 0.99. */
export function burnOf(
  counts: Map<number, CountedCalls>,
  badOf: (counted: CountedCalls) => number,
  { objective, minimumCalls, what }: { objective: number; minimumCalls: number; what: string },
): Burn {
  const budget = 1 - objective;
  const share = (counted: CountedCalls | undefined) => (counted?.calls ? badOf(counted) / counted.calls : 0);
  const known = burnWindows.filter(
    ({ longMinutes }) => (counts.get(longMinutes)?.calls ?? 0) >= minimumCalls,
  );
  if (known.length === 0) return { state: "unknown", why: "too few calls" };
  for (const { longMinutes, shortMinutes, rate } of known) {
    const [long, short] = [counts.get(longMinutes), counts.get(shortMinutes)];
    // The margin absorbs the rounding of the division: a burn at exactly the rate counts.
    const limit = rate * budget - 1e-9;
    if (share(long) >= limit && share(short) >= limit) {
      const percent = (share(long) * 100).toFixed(1);
      const rateNow = (share(long) / budget).toFixed(1);
      return {
        state: "bad",
        why: `${percent} % of ${long?.calls} calls in ${spanOf(longMinutes)} ${what}: ${rateNow} times the budget`,
      };
    }
  }
  return { state: "good", why: "within the budget" };
}

function spanOf(minutes: number): string {
  return minutes < 1_440 ? `${minutes / 60} h` : `${minutes / 1_440} d`;
}
