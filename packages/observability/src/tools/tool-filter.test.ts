import { expect, it } from "vitest";
import { toolOf } from "./tool-filter.ts";

const toolNames = ["services.retry", "tenants.get", "tenants.list"];

it("takes a tool by either spelling", () => {
  expect(toolOf("tenants.list", { toolNames })).toBe("tenants.list");
  expect(toolOf("tenants_list", { toolNames })).toBe("tenants.list");
  expect(toolOf(undefined, { toolNames })).toBeUndefined();
});

it.each([
  ["tenants.lst", 'tool: There is no tool "tenants.lst". Use one of tenants.get, tenants.list.'],
  ["x", 'tool: There is no tool "x". Use one of services.retry, tenants.get, tenants.list.'],
  [
    "TENANTS.LIST",
    'tool: There is no tool "TENANTS.LIST". Use one of services.retry, tenants.get, tenants.list.',
  ],
])("refuses %s with the names that there are", (name, message) => {
  expect(() => toolOf(name, { toolNames })).toThrow(message);
});
