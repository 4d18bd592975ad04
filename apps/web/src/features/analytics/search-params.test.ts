import { expect, test } from "vitest";
import { addressOf, questionOf, rangeOf, readParams } from "./search-params.ts";

const now = Date.parse("2026-11-26T12:20:00Z");
const read = (params: Record<string, string | string[]>) =>
  questionOf(readParams(params), "America/Santiago", now);

test("without anything it is the last day, and a range ends now and begins with a whole moment", () => {
  const to = "2026-11-26T12:20:00.000Z";
  expect(read({})).toEqual({ ok: true, question: { from: "2026-11-25T12:00:00.000Z", to } });
  expect(read({ range: "7d", tool: " tenants.get " })).toEqual({
    ok: true,
    question: { from: "2026-11-19T12:00:00.000Z", to, tool: "tenants.get" },
  });
});

test("times are taken as the clock on the wall shows them, and stand above a range", () => {
  const filters = { range: "7d", from: "2026-11-25T10:00", to: "2026-11-25T12:00:00" };
  expect(read(filters)).toEqual({
    ok: true,
    question: { from: "2026-11-25T13:00:00.000Z", to: "2026-11-25T15:00:00.000Z" },
  });
  expect(rangeOf(readParams(filters))).toBeUndefined();
});

test.each([
  ["range", { range: "2h" }],
  ["range", { range: "toString" }],
  ["from", { from: "2026-11-27T10:00" }],
  ["from", { from: "2024-01-01T10:00" }],
  ["to", { to: "tomorrow" }],
  ["tenant", { tenant: "1" }],
  ["tenant", { tenant: "00000000-0000-4000-8000-000000000000", user: "user_1" }],
])("%s that makes no sense is named", (name, params) => {
  expect(read(params)).toEqual({ ok: false, name });
});

test("an address keeps what was given, escaped", () => {
  expect(addressOf({ range: "7d", user: "a&b", tool: "" })).toBe("/dashboard/analytics?range=7d&user=a%26b");
  expect(addressOf({})).toBe("/dashboard/analytics");
});
