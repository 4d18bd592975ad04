import { expect, test } from "vitest";
import { addressWith, firstOf } from "./search-params.ts";

test.each([
  [{ cursor: " abc " }, "abc"],
  [{ cursor: ["first", "second"] }, "first"],
  [{ cursor: [] }, ""],
  [{}, ""],
])("the value of a name in %j is %j", (params, value) => {
  expect(firstOf(params, "cursor")).toBe(value);
});

test("an address has the params with a value, encoded, and no question mark without one", () => {
  expect(addressWith("/runs", { search: "Ñuñoa & Cía", state: "", cursor: undefined })).toBe(
    "/runs?search=%C3%91u%C3%B1oa+%26+C%C3%ADa",
  );
  expect(addressWith("/runs", { search: "" })).toBe("/runs");
});
