import { expect, test } from "vitest";
import { type ConsoleTool, groupTools, hintsOf, tenantsNamed } from "./tool.ts";

const tool = (name: string, description: string, annotations: Partial<ConsoleTool["annotations"]> = {}) => ({
  name,
  alias: name.replace(".", "_"),
  description,
  requires: "read",
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: false,
    ...annotations,
  },
  inputSchema: {},
});
const tools = [
  tool("fastapi.get", "Ask the backend.", { readOnlyHint: true, openWorldHint: true }),
  tool("tenants.create", "Créate a tenant."),
  tool("tenants.delete", "Delete softly.", { destructiveHint: true }),
];

test("a search finds names, aliases and descriptions, accents and case aside, by every word", () => {
  const names = (search: string) =>
    groupTools(tools, search).flatMap(([, group]) => group.map(({ name }) => name));
  expect(names("")).toEqual(["fastapi.get", "tenants.create", "tenants.delete"]);
  expect(names("TENANTS_d")).toEqual(["tenants.delete"]);
  expect(names("tenant create")).toEqual(["tenants.create"]);
  expect(names("backend")).toEqual(["fastapi.get"]);
  expect(names("zzz")).toEqual([]);
  expect(groupTools(tools, "").map(([namespace]) => namespace)).toEqual(["fastapi", "tenants"]);
});

test("hints say what a tool does to the world", () => {
  expect(tools.map(hintsOf)).toEqual([["reads", "outside"], ["changes"], ["destructive"]]);
});

test("the tenants that arguments name are known by their id, wherever it stands", () => {
  const known = ["1", "2"].map((id) => ({ id: `0000-${id}`, name: id, rut: "" }));
  expect(tenantsNamed({ deep: [{ tenantId: "0000-2" }] }, known)).toEqual([known[1]]);
  expect(tenantsNamed({ id: "0000" }, known)).toEqual([]);
  expect(tenantsNamed({ id: "AB" }, [{ id: "ab", name: "", rut: "" }])).toHaveLength(1);
  expect(tenantsNamed(undefined, known)).toEqual([]);
});
