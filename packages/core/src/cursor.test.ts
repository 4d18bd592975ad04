import { expect, test } from "vitest";
import * as z from "zod";
import { cursorAfter, decodeCursor, encodeCursor, pageOf, positionOf } from "./cursor.ts";

const id = "5c8fe5b3-7d41-4c86-9d0b-6a3c83a9b0aa";
const createdAt = "2026-11-25T19:53:23.411266+00:00";

test("a cursor decodes to the position that it was made of", () => {
  expect(positionOf(cursorAfter({ createdAt, id }), "the list")).toEqual({ createdAt, id });
});

test("a cursor of an earlier release still decodes", () => {
  const cursor =
    "WyIyMDI2LTExLTI1VDE5OjUzOjIzLjQxMTI2NiswMDowMCIsIjVjOGZlNWIzLTdkNDEtNGM4Ni05ZDBiLTZhM2M4M2E5YjBhYSJd";
  expect(cursorAfter({ createdAt, id })).toBe(cursor);
  expect(positionOf(cursor, "the list")).toEqual({ createdAt, id });
});

test.each([
  ["an empty text", ""],
  ["no base64", "%%%"],
  ["no JSON", Buffer.from("[").toString("base64url")],
  ["a text that is no time", encodeCursor(['2026",id.gt.0', id])],
  ["a time of another zone", encodeCursor(["2026-11-25T19:53:23-03:00", id])],
  ["a time in year 0", encodeCursor(["0000-11-25T19:53:23Z", id])],
  ["a text that is no id", encodeCursor(["2026-11-25T19:53:23Z", "x),or(id.gt.0"])],
  ["more than two values", encodeCursor(["2026-11-25T19:53:23Z", id, 1])],
])("%s is refused as a cursor", (_what, cursor) => {
  expect(() => positionOf(cursor, "the list")).toThrow(
    expect.objectContaining({
      code: "invalid_input",
      message: "cursor: Not a cursor of the list. Leave it out to begin with the first page.",
    }),
  );
});

test("a cursor decodes by the schema of another list, and to undefined where it does not match", () => {
  const schema = z.tuple([z.boolean(), z.enum(["odoo", "n8n"])]);
  expect(decodeCursor(encodeCursor([true, "odoo"]), schema)).toEqual([true, "odoo"]);
  expect(decodeCursor(encodeCursor([1, "odoo"]), schema)).toBeUndefined();
});

test.each([
  ["no rows are a page without a next one", [], { page: [] }],
  ["rows that fit are the last page", [1, 2], { page: [1, 2] }],
  [
    "rows beyond the page are cut, and the cursor is of the last that is left",
    [1, 2, 3],
    { page: [1, 2], nextCursor: "after 2" },
  ],
])("%s", (_what, rows, expected) => {
  expect(pageOf(rows, 2, (last) => `after ${last}`)).toEqual(expected);
});
