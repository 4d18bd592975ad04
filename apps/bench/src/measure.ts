/** A figure and its peer's, measured in the same run. */
export type Comparison = {
  name: string;
  unit: string;
  value: number;
  peer: string;
  peerValue: number;
  /** value / peerValue. */
  ratio: number;
  goal: string;
  better: "higher" | "lower";
  met: boolean;
};

/** The goal of a figure. */
export type Goal = { better: "higher" | "lower"; atLeast?: number; atMost?: number; of: "ratio" | "value" };

/** Compares two figures and checks the goal. */
export function compare(
  name: string,
  unit: string,
  [value, peerValue]: readonly [number, number],
  peer: string,
  goal: Goal,
): Comparison {
  const ratio = value / peerValue;
  const measured = goal.of === "ratio" ? ratio : value;
  const met = measured >= (goal.atLeast ?? -Infinity) && measured <= (goal.atMost ?? Infinity);
  const bound = goal.atLeast === undefined ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  const unitOfGoal = goal.of === "ratio" ? "×" : ` ${unit}`;
  return {
    name,
    unit,
    value,
    peer,
    peerValue,
    ratio,
    goal: `${bound}${unitOfGoal}`,
    better: goal.better,
    met,
  };
}

/**
 * Measures both figures alternately, A B B A A B …, so that a slower machine affects both, and returns the medians. The
 * first round warms up and does not count.
 */
export async function interleaved(
  rounds: number,
  first: () => Promise<number>,
  second: () => Promise<number>,
): Promise<readonly [number, number]> {
  const figures: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const side of order) {
      const figure = await (side === 0 ? first() : second());
      if (round >= 0) figures[side].push(figure);
    }
  }
  return [median(figures[0]), median(figures[1])];
}

/** Returns the median. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
