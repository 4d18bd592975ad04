import { expect, it } from "vitest";
import { requireTool } from "./tool-filter.ts";

const toolNames = ["services.retry", "tenants.get", "tenants.list"];

it("takes a tool by either spelling", () => {
  for (const name of ["tenants.list", "tenants_list"])
    expect(() => requireTool(name, { toolNames })).not.toThrow();
});

it.each([
  ["tenants.lst", 'tool: There is no tool "tenants.lst". Use one of tenants.get, tenants.list.'],
  ["x", 'tool: There is no tool "x". Use one of services.retry, tenants.get, tenants.list.'],
  [
    "TENANTS.LIST",
    'tool: There is no tool "TENANTS.LIST". Use one of services.retry, tenants.get, tenants.list.',
  ],
])("refuses %s with the names that there are", (name, message) => {
  expect(() => requireTool(name, { toolNames })).toThrow(message);
});
