import { expect, it } from "vitest";
import { filtersOf, listAddress } from "./filters.ts";

it.each([
  [{ search: "", deleted: false }, "/dashboard/tenants"],
  [{ search: "Ñuñoa & Cía", deleted: false }, "/dashboard/tenants?search=%C3%91u%C3%B1oa+%26+C%C3%ADa"],
  [{ search: "a", deleted: true, cursor: "x-_" }, "/dashboard/tenants?search=a&deleted=1&cursor=x-_"],
])("writes %j as an address that says the same", (filters, address) => {
  expect(listAddress(filters)).toBe(address);
  const { searchParams } = new URL(address, "http://localhost");
  expect(filtersOf(Object.fromEntries(searchParams))).toEqual(filters);
});

it("takes the first of what is there twice, and nothing for what it does not know", () => {
  expect(filtersOf({ search: [" a ", "b"], deleted: "yes", cursor: "", other: "1" })).toEqual({
    search: "a",
    deleted: false,
  });
});
