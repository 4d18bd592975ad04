import { SmarterosError } from "@smarteros/core";
import { describe, expect, it } from "vitest";
import { countOf, dataOf, requireSuccess, rowsOf } from "./rows.ts";

const refused = {
  data: null,
  error: { code: "42501", message: "permission denied" },
  status: 403,
  count: null,
};
const empty = { data: null, error: null, status: 204, count: null };

describe.each([
  ["requireSuccess", requireSuccess],
  ["dataOf", dataOf],
  ["rowsOf", rowsOf],
  ["countOf", countOf],
] as [string, (response: typeof refused) => unknown][])("%s", (_name, read) => {
  it("throws what the database's refusal means", () => {
    expect(() => read(refused)).toThrow(expect.objectContaining({ code: "forbidden" }));
    expect(() => read(refused)).toThrow(SmarterosError);
  });
});

describe("a response without an error", () => {
  it("has its data, also where that is false", () => {
    expect(dataOf({ data: false, error: null, status: 200 })).toBe(false);
    expect(rowsOf({ data: [1, 2], error: null, status: 200 })).toEqual([1, 2]);
    expect(countOf({ data: [], error: null, status: 206, count: 3 })).toBe(3);
  });

  it("without data has no rows and counts 0, and is an error where data is required", () => {
    expect(rowsOf(empty)).toEqual([]);
    expect(countOf(empty)).toBe(0);
    expect(() => dataOf(empty)).toThrow("responded with nothing");
  });
});
