import { expect, it } from "vitest";
import { toolNames } from "./names.ts";

it("shows names that every client takes, and takes both spellings back", () => {
  const names = toolNames(["tenants.list", "n8n.trigger"], "alias");
  expect(names.shown("tenants.list")).toBe("tenants_list");
  expect([names.canonical("tenants_list"), names.canonical("tenants.list")]).toEqual([
    "tenants.list",
    "tenants.list",
  ]);
  expect(names.canonical("no_such")).toBe("no_such");
});

it("shows dotted names where the style is dotted", () => {
  const names = toolNames(["tenants.list"], "dotted");
  expect([names.shown("tenants.list"), names.canonical("tenants_list")]).toEqual([
    "tenants.list",
    "tenants.list",
  ]);
});

it("stops where two aliases meet", () => {
  expect(() => toolNames(["a.b_c", "a_b.c"], "alias")).toThrow("same alias a_b_c");
});
