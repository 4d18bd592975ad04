import { expect, test } from "vitest";
import { isFiltered, runFiltersOf, runsAddress } from "./run-filters.ts";

test("an address is read as it was written", () => {
  const filters = {
    search: "Los Andes & Cía",
    tenant: "00000000-0000-4000-8000-000000000000",
    state: "trouble",
    vendor: "n8n",
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
