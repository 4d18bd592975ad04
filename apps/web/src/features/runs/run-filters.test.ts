import { expect, test } from "vitest";
import { isFiltered, manyOf, runFiltersOf, runsAddress, toolFilterOf } from "./run-filters.ts";

test("an address is read as it was written", () => {
  const filters = {
    search: "Los Andes & Cía",
    tenant: "00000000-0000-4000-8000-000000000000",
    state: "trouble",
    vendor: "n8n",
    error: "auth",
    since: "24h",
    who: "events",
    cursor: "abc",
  } as const;
  const { searchParams } = new URL(runsAddress(filters), "http://console");
  expect(runFiltersOf(Object.fromEntries(searchParams))).toEqual(filters);
});

test("what is not known narrows nothing, and of two the first counts", () => {
  const filters = runFiltersOf({ state: "done", vendor: ["odoo", "n8n"], who: "", search: " x " });
  expect(filters).toMatchObject({ state: undefined, vendor: "odoo", who: undefined, search: "x" });
  expect(runsAddress(runFiltersOf({}))).toBe("/dashboard/runs");
});

test("a page alone is no filter", () => {
  expect(isFiltered(runFiltersOf({ cursor: "abc" }))).toBe(false);
  expect(isFiltered(runFiltersOf({ who: "me" }))).toBe(true);
});

test.each([
  ["", undefined],
  ["state=open", undefined],
  ["vendor=odoo", ["retry", "cancel"]],
  ["error=auth", ["retry", "cancel"]],
  ["since=1h", ["retry", "cancel"]],
  ["vendor=odoo&state=trouble", ["retry"]],
  ["vendor=odoo&state=open", ["cancel"]],
  ["vendor=odoo&state=succeeded", []],
  ["vendor=odoo&state=failed", "narrower"],
  ["vendor=odoo&search=andes", "narrower"],
  ["vendor=odoo&tenant=1", "narrower"],
  ["vendor=odoo&who=me", "narrower"],
])("of the runs of ?%s all may be changed by %j", (query, expected) => {
  expect(manyOf(runFiltersOf(Object.fromEntries(new URLSearchParams(query))))).toEqual(expected);
});

test("the tools get the vendor, the error and the time of the filters, and no empty one", () => {
  const now = Date.parse("2026-11-30T12:00:00Z");
  const filterOf = (query: string) =>
    toolFilterOf(runFiltersOf(Object.fromEntries(new URLSearchParams(query))), now);
  expect(filterOf("vendor=odoo&error=auth&since=24h&state=trouble")).toEqual({
    vendor: "odoo",
    error: "auth",
    since: "2026-11-29T12:00:00.000Z",
  });
  expect(filterOf("vendor=n8n")).toEqual({ vendor: "n8n" });
});
