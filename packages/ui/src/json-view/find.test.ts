import fc from "fast-check";
import { expect, test } from "vitest";
import { finder, type Match, matchesOf, maxMatches } from "./find.ts";
import { fold, unfold } from "./fold.ts";
import { layOut } from "./json-document.ts";

function search(value: unknown, text: string) {
  const found: Match[] = [];
  const steps = finder(layOut(value))(text, found);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return { found, complete: step.value };
}
const texts = (value: unknown, text: string) => {
  const document = layOut(value);
  return search(value, text).found.map(({ node, part, start, end }) =>
    String(part === "key" ? document.keys[node] : document.values[node]).slice(start, end),
  );
};

test("finds in keys, texts, numbers, true and null, in document order", () => {
  const value = { "1": "uno 1", list: [10, true, null], trueName: "null" };
  expect(texts(value, "1")).toEqual(["1", "1", "1"]);
  expect(texts(value, "true")).toEqual(["true", "true"]);
  expect(texts(value, "null")).toEqual(["null", "null"]);
  expect(texts(value, "")).toEqual([]);
});

test.each([
  ["nunoa", ["Ñuñoa SpA"], ["Ñuñoa"]],
  ["ÑUÑOA", ["Ñuñoa", "nunoa"], ["Ñuñoa", "nunoa"]],
  ["camion", ["un camio\u0301n grande"], ["camio\u0301n"]],
  ["ion g", ["un camio\u0301n grande"], ["io\u0301n g"]],
  ["on g", ["un camio\u0301n grande"], ["o\u0301n g"]],
  ["i", ["\u0130x"], ["\u0130"]],
  ["x", ["\u0130x"], ["x"]],
  ["x", ["😀x"], ["x"]],
])("%s in %j, whatever case and accents", (wanted, value, expected) => {
  expect(texts(value, wanted)).toEqual(expected);
});

test("what is found folds to what was sought, wherever it stands", () => {
  const words = fc.string({ unit: "grapheme", maxLength: 12 });
  fc.assert(
    fc.property(words, words, words, (before, wanted, after) => {
      const text = before + wanted + after;
      const folded = fold(text);
      const sought = fold(wanted).text;
      const at = folded.text.indexOf(sought);
      fc.pre(at >= 0 && sought !== "");
      const [start, end] = unfold(folded, at, at + sought.length);
      expect(fold(text.slice(start, end)).text).toBe(sought);
    }),
  );
});

test("ends at a number of matches, and says so", () => {
  expect(search(["a".repeat(maxMatches + 5)], "a")).toMatchObject({
    complete: false,
    found: { length: maxMatches },
  });
  expect(search(["abc"], "a").complete).toBe(true);
});

test("breathes in the middle of a large document", () => {
  const steps = finder(layOut(Array.from({ length: 50_000 }, (_, index) => `text ${index}`)))("zzz", []);
  expect(steps.next().done).toBe(false);
});

test("gives the matches of one node", () => {
  const { found } = search(["aa", "b", "aXa"], "a");
  expect([1, 2, 3, 4].map((node) => matchesOf(found, node).length)).toEqual([2, 0, 2, 0]);
});
