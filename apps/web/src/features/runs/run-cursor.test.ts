import { expect, test } from "vitest";
import { cursorAfter, positionOf } from "./run-cursor.ts";

const id = "5c8fe5b3-7d41-4c86-9d0b-6a3c83a9b0aa";
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("a cursor names the run that a page ended with", () => {
  const createdAt = "2026-11-25T19:53:23.411266+00:00";
  expect(positionOf(cursorAfter({ created_at: createdAt, id }))).toEqual({ createdAt, id });
});

test.each([
  ["no base64", "%%%"],
  ["no JSON", Buffer.from("[").toString("base64url")],
  ["no moment", encoded(['2026",id.gt.0', id])],
  ["a moment of another zone", encoded(["2026-11-25T19:53:23-03:00", id])],
  ["no id", encoded(["2026-11-25T19:53:23Z", "x),or(id.gt.0"])],
  ["more than two", encoded(["2026-11-25T19:53:23Z", id, 1])],
])("%s is refused", (_what, cursor) => {
  expect(() => positionOf(cursor)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});
