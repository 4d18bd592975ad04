import fc from "fast-check";
import { expect, test } from "vitest";
import { childrenOf, layOut, pathOf } from "./json-document.ts";
import { compactText, jsonText } from "./json-text.ts";

// JSON.stringify drops the sign of minus zero.
const json = fc
  .jsonValue({ stringUnit: "binary", maxDepth: 6 })
  .map((value) => JSON.parse(JSON.stringify(value)));

/** An array in an array in an array. Its text is parsed: no other way makes it without recursion. */
const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels));

test("writes what JSON.stringify writes", () => {
  fc.assert(
    fc.property(json, (value) => {
      const document = layOut(value);
      expect(jsonText(document)).toBe(JSON.stringify(value, undefined, 2));
      expect(compactText(document, 0, Number.POSITIVE_INFINITY)).toBe(JSON.stringify(value));
    }),
  );
});

test("every node is the value at its path", () => {
  fc.assert(
    fc.property(json, (value) => {
      const document = layOut(value);
      for (const [node, expected] of document.values.entries()) {
        const steps = [];
        for (let at = node; at > 0; at = document.parents[at]!) steps.unshift(document.keys[at]!);
        const found = steps.reduce<unknown>((held, step) => (held as Record<string, unknown>)[step], value);
        expect(found).toBe(expected);
        expect(jsonText(document, node)).toBe(JSON.stringify(expected, undefined, 2));
        expect([...childrenOf(document, node)]).toHaveLength(document.counts[node]!);
      }
    }),
  );
});

test("names that every object inherits are data like any other", () => {
  const document = layOut(JSON.parse('{"__proto__":{"constructor":1},"toString":null,"two words":[0]}'));
  expect(document.values.map((_, node) => pathOf(document, node))).toEqual([
    "$",
    "$.__proto__",
    "$.__proto__.constructor",
    "$.toString",
    '$["two words"]',
    '$["two words"][0]',
  ]);
  expect(jsonText(document)).toContain('"constructor": 1');
});

test("a path shows what a key hides", () => {
  const document = layOut({ "a\u202eb": 1 });
  expect(pathOf(document, 1)).toBe(String.raw`$["a\u202eb"]`);
});

test("nesting deeper than the call stack is laid out and written", () => {
  const levels = 200_000;
  const document = layOut(nested(levels));
  expect(document.depths.at(-1)).toBe(levels - 1);
  expect(jsonText(document)).toBe("[".repeat(levels) + "]".repeat(levels));
});

test("the beginning of a long text stops soon after its limit", () => {
  const document = layOut(Array.from({ length: 100_000 }, (_, index) => index));
  expect(compactText(document, 0, 20).length).toBeLessThan(40);
});

test("minus zero and numbers past the safe ones are written as they are held", () => {
  expect(jsonText(layOut([-0, 2 ** 60, 1e21, 5e-324]))).toBe(
    "[\n  -0,\n  1152921504606847000,\n  1e+21,\n  5e-324\n]",
  );
});
