import fc from "fast-check";
import { expect, test } from "vitest";
import { type Mark, segmentsOf } from "./segments.ts";

test.each([
  ["bidi override", "\u202eabc", String.raw`\u202e`],
  ["bidi isolate", "\u2066", String.raw`\u2066`],
  ["zero width", "\u200b", String.raw`\u200b`],
  ["null", "\0", String.raw`\u0000`],
  ["line break", "\n", String.raw`\n`],
  ["C1 control", "\u0085", String.raw`\u0085`],
  ["line separator", "\u2028", String.raw`\u2028`],
  ["lone surrogate", "\ud83d", String.raw`\ud83d`],
  ["tag character", "\u{e0041}", String.raw`\udb40\udc41`],
  ["Hangul filler", "\u3164", String.raw`\u3164`],
  ["byte order mark", "\ufeff", String.raw`\ufeff`],
])("%s becomes a visible escape", (_, text, expected) => {
  expect(segmentsOf(text)[0]).toEqual({ text: expected, escaped: true });
});

test("letters of any script and emoji stay as they are", () => {
  for (const text of ["Ñuñoa ❤️", "שלום", "日本", "👍🏽", String.raw`\u202e`])
    expect(segmentsOf(text)).toEqual([{ text, escaped: false }]);
});

test("a mark that begins before the text or ends after it covers what is there", () => {
  expect(
    segmentsOf("abcdef", [
      { start: -3, end: 2, current: true },
      { start: 4, end: 9, current: false },
    ]),
  ).toEqual([
    { text: "ab", escaped: false, mark: "current" },
    { text: "cd", escaped: false },
    { text: "ef", escaped: false, mark: "match" },
  ]);
});

test("nothing is lost, nothing invisible stays, marks cover what they name", () => {
  const texts = fc.string({ unit: "binary", maxLength: 60 });
  fc.assert(
    fc.property(texts, fc.array(fc.nat(60), { maxLength: 8 }), (text, cuts) => {
      const marks = marksAt(text, cuts);
      const segments = segmentsOf(text, marks);
      const original = (kept: typeof segments) =>
        kept.map((piece) => (piece.escaped ? JSON.parse(`"${piece.text}"`) : piece.text)).join("");
      expect(original(segments)).toBe(text);
      expect(segments.map(({ text: piece }) => piece).join("")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(original(segments.filter(({ mark }) => mark))).toBe(
        marks.map(({ start, end }) => text.slice(start, end)).join(""),
      );
    }),
  );
});

/** Marks between pairs of cuts, in order, none of which halves a pair of surrogates. */
function marksAt(text: string, cuts: number[]): Mark[] {
  const places = [...new Set(cuts)]
    .filter(
      (cut) => cut <= text.length && !/^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(cut - 1, cut + 1)),
    )
    .sort((one, other) => one - other);
  return places.flatMap((start, index) =>
    index % 2 === 0 && index + 1 < places.length ? [{ start, end: places[index + 1]!, current: false }] : [],
  );
}
