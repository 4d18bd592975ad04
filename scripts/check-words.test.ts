import { expect, it } from "vitest";
import { findingsBeyond, lowered, wordsOfComments, wordsOfName } from "./check-words.ts";

it("finds words in line comments, doc comments and after statements, with line and standard term", () => {
  const text = [
    "/** Answers at the door. */",
    "const a = 1; // told later",
    "/*",
    " * Nobody waits.",
    " */",
    "{/* A chore. */}",
  ].join("\n");
  expect(wordsOfComments("a.tsx", text)).toEqual([
    { line: 1, word: "door", standard: "transport, endpoint or API" },
    { line: 1, word: "Answers", standard: "response / respond" },
    { line: 2, word: "told", standard: expect.any(String) },
    { line: 4, word: "Nobody", standard: "no one, someone, any" },
    { line: 6, word: "chore", standard: "job" },
  ]);
  expect(wordsOfComments("a.sql", "select 1; -- kept\nselect 'answer';")).toMatchObject([
    { line: 1, word: "kept" },
  ]);
});

it.each([
  'const text = "The answer is kept";',
  "const url = 'https://door.test/answer';",
  "const answer = lines.filter(isKept);",
  "// The report says `kept` when it is not due.",
  '// Logs "asked to end" and "nobody".',
  "// Keep-alive connections keep running; indoor, outspoken, a keyboard",
  "  <Answer /> {/* Response of the tool. */}",
])("accepts %s", (line) => {
  expect(wordsOfComments("a.tsx", line)).toEqual([]);
});

it("finds words in the parts of a path, but not inside longer words", () => {
  expect(wordsOfName("apps/any/src/door-list.ts")).toEqual([
    { line: 0, word: "door", standard: "transport" },
  ]);
  expect(wordsOfName("packages/alerts/src/judge.test.ts")).toMatchObject([{ word: "judge" }]);
  expect(wordsOfName("packages/core/src/keyset.ts")).toEqual([]);
  expect(wordsOfName("packages/outdoors/src/baseline.ts")).toEqual([]);
});

const found = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ line: index, word: "door", standard: "transport" }));

it("reports every word of a file with more than the baseline allows, and none of the others", () => {
  expect(findingsBeyond({ "a.ts": 2 }, { "a.ts": found(2), "b.ts": [] })).toEqual([]);
  expect(findingsBeyond({ "a.ts": 1 }, { "a.ts": found(2) })).toEqual([
    'a.ts: the name has "door"; use transport',
    'a.ts:1: "door"; use transport',
    "a.ts: 2 words, 1 allowed by scripts/words-baseline.json",
  ]);
});

it("lowers the baseline and follows renamed files, but never raises the total", () => {
  expect(lowered({ "a.ts": 3, "gone.ts": 1 }, { "a.ts": found(1), "new.ts": found(2), "b.ts": [] })).toEqual({
    "a.ts": 1,
    "new.ts": 2,
  });
  expect(() => lowered({ "a.ts": 1 }, { "a.ts": found(2) })).toThrow("1 words before, 2 now");
});
