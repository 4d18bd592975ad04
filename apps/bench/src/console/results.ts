import { type Comparison, compare, median } from "../measure.ts";
import { type Size, sized } from "../size.ts";
import { atMost, capMs, faster, inspector } from "./goals.ts";
import { type Painted, painted } from "./painted.ts";
import type { Subject } from "./subject.ts";

// A measurement that takes longer than this is not repeated.
const longMs = 5_000;

/** Measures from the click that runs a call to its JSON on the screen, for JSON of three sizes. */
export async function results(ours: Subject, theirs: Subject, size: Size) {
  const comparisons: Comparison[] = [];
  // Slightly less than the megabyte that our backend client reads of a response.
  const payloads = [
    ["21 kB", 21_000],
    ["85 kB", 85_000],
    ["1 MB", 1_040_000],
  ] as const;
  for (const [label, bytes] of payloads.slice(0, sized(size, payloads.length, 1))) {
    const once = (subject: Subject) => async () => {
      const { page, run } = await subject.ready(bytes);
      const outcome = await painted(page, run, subject.result, capMs);
      await page.context().close();
      return outcome ?? { fromClick: capMs, fromResponse: Number.NaN };
    };
    const [mine, other] = await inTurn(sized(size, 3, 1), once(ours), once(theirs));
    const clicks = [
      median(mine.map(({ fromClick }) => fromClick)),
      median(other.map(({ fromClick }) => fromClick)),
    ] as const;
    const peer = clicks[1] < capMs ? inspector : `${inspector}: not painted within ${capMs / 1_000} s`;
    comparisons.push(
      compare(`console: ${label} of JSON, from the click to painted`, "ms", clicks, peer, faster),
    );
    const fromResponses = median(mine.map(({ fromResponse }) => fromResponse));
    if (bytes > 1_000_000)
      comparisons.push(
        compare(
          `console: ${label} of JSON, from the answer to painted`,
          "ms",
          [fromResponses, clicks[1]],
          `${peer}, from the click`,
          atMost(300),
        ),
      );
  }
  return comparisons;
}

/**
 * Like `interleaved`, but a side that took long once is not measured again. The first measurement of each side warms
 * up, unless it took long.
 */
async function inTurn(rounds: number, first: () => Promise<Painted>, second: () => Promise<Painted>) {
  const outcomes: [Painted[], Painted[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    for (const side of [0, 1] as const) {
      if (outcomes[side].some(({ fromClick }) => fromClick > longMs)) continue;
      const outcome = await (side === 0 ? first() : second());
      if (round >= 0 || outcome.fromClick > longMs) outcomes[side].push(outcome);
    }
  }
  return outcomes;
}
