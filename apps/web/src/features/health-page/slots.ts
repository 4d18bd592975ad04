import type { HealthBar, HealthTimeline } from "@smarteros/observability";

const stepMs = { hour: 3_600_000, day: 86_400_000 };

/** A moment of the range with what was seen then, or nothing. */
export type Slot = { at: string; bar: HealthBar | undefined };

/** Every moment of a range, the oldest first, so that a gap is seen as one. */
export function slotsOf({ from, to, step }: HealthTimeline, bars: HealthBar[]): Slot[] {
  const seen = new Map(bars.map((bar) => [Date.parse(bar.at), bar]));
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const count = Math.floor((last - first) / stepMs[step]) + 1;
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * stepMs[step];
    return { at: new Date(at).toISOString(), bar: seen.get(at) };
  });
}
