import { expect, test } from "vitest";
import { clock } from "./format-duration.ts";

test.each([
  [-5_000, "0:00"],
  [0, "0:00"],
  [40_400, "0:40"],
  [59_600, "1:00"],
  [725_000, "12:05"],
  [3_723_000, "1:02:03"],
])("%i ms are %s", (ms, shown) => expect(clock(ms)).toBe(shown));
