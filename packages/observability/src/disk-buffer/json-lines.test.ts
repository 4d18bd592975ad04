import { expect, test } from "vitest";
import { parseLines } from "./json-lines.ts";

const idOf = (value: unknown) =>
  typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
const lineOf = (id: number, padding = 0) => `${JSON.stringify({ id, padding: "x".repeat(padding) })}\n`;

test("lines that hold no row are counted and skipped", () => {
  const text = `\n${lineOf(1)}null\n{"id":\n${lineOf(2)}\n{"other":1}`;
  expect(parseLines(text, idOf)).toEqual({ pieces: [[1, 2]], rows: 2, unreadable: 3 });
});

test("rows come in pieces of at most 500 rows and 1 MiB, in order", () => {
  const many = parseLines(Array.from({ length: 1_100 }, (_, id) => lineOf(id)).join(""), idOf);
  expect(many.pieces.map(({ length }) => length)).toEqual([500, 500, 100]);
  expect(many.pieces.flat()).toEqual(Array.from({ length: 1_100 }, (_, id) => id));
  const large = parseLines(lineOf(1, 700_000) + lineOf(2, 700_000) + lineOf(3), idOf);
  expect(large.pieces).toEqual([[1], [2, 3]]);
});
