import { describe, expect, it } from "vitest";
import { pathOf, valueAt } from "./path.ts";

describe("a dotted path of the server", () => {
  it.each([
    ["", {}, []],
    ["services.crm", {}, ["services", "crm"]],
    ["items.0.name", { items: [{ name: 1 }] }, ["items", 0, "name"]],
    ["a.b", { "a.b": 1 }, ["a.b"]],
    ["a.b.c", { a: {}, "a.b": { c: 1 } }, ["a.b", "c"]],
    ["0", { "0": 1 }, ["0"]],
  ])("%j is read against the value", (written, value, path) => {
    expect(pathOf(written, value)).toEqual(path);
  });

  it("finds own values alone", () => {
    expect(valueAt({}, ["constructor"])).toBeUndefined();
    expect(valueAt({ a: [1] }, ["a", "length"])).toBe(1);
    expect(valueAt("text", ["length"])).toBeUndefined();
  });
});
