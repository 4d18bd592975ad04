import fc from "fast-check";
import { expect, test } from "vitest";
import { firstOf, lastOf, partAt, partRange, partsOf, shownLength } from "./long-text.ts";

const texts = fc
  .tuple(fc.nat(3), fc.integer({ min: 900, max: 3200 }))
  .map(([before, pairs]) => "a".repeat(before) + "😀".repeat(pairs));

test("the parts of a text are the text, and no pair of surrogates is cut", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const ranges = Array.from({ length: partsOf(text) }, (_, part) => partRange(text, part));
      const parts = ranges.map(([start, end]) => text.slice(start, end));
      expect(parts.join("")).toBe(text);
      for (const part of [...parts, firstOf(text, 7), lastOf(text, 7), text.slice(0, shownLength(text))])
        expect(part.isWellFormed()).toBe(true);
      for (const [part, [start, end]] of ranges.entries())
        expect([start, end - 1].map((offset) => partAt(text, offset))).toEqual([part, part]);
    }),
  );
});
