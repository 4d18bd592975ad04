import { expect, it } from "vitest";
import * as z from "zod";
import { createCatalog } from "./catalog.ts";
import { createPrincipal } from "./principal.ts";
import type { Tool } from "./tool.ts";

const tool = (name: string, requires: Tool<object>["requires"] = "read"): Tool<object> => ({
  name,
  description: "A tool.",
  requires,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ id: z.string() }),
  output: z.object({}),
  handler: async () => ({}),
});

it("lists what a principal may call, in one order, with strict schemas", () => {
  const catalog = createCatalog([tool("b.two", "write"), tool("a.one"), tool("c.three", "admin")]);
  const names = (role: "viewer" | "operator" | "admin") =>
    catalog.describe(createPrincipal("u", role)).map((entry) => entry.name);
  expect(names("viewer")).toEqual(["a.one"]);
  expect(names("operator")).toEqual(["a.one", "b.two"]);
  expect(names("admin")).toEqual(["a.one", "b.two", "c.three"]);
  expect(catalog.describe(createPrincipal("u", "viewer"))[0]?.inputSchema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    additionalProperties: false,
  });
});

it("refuses a name twice and a name that is none", () => {
  expect(() => createCatalog([tool("a.one"), tool("a.one")])).toThrow("Two tools");
  for (const name of ["one", "a.b.c", "a_one", "A.one", `a.${"x".repeat(70)}`, "a.one\n"])
    expect(() => createCatalog([tool(name)])).toThrow("form");
});

it("lists no pattern and no keyword that a model provider refuses, and all others", () => {
  const input = z.strictObject({
    unicode: z.string().regex(/^\p{L}+$/u),
    escape: z.string().regex(/^[^\u2028]$/),
    ahead: z.string().regex(/^(?=a)b/),
    named: z.string().regex(/^(?<year>\d+)$/),
    plain: z.string().regex(/^(?:[a-z]+)\.\d$/),
    list: z.array(z.strictObject({ inner: z.string().regex(/\P{L}/u) })),
    map: z.record(z.string().regex(/^a/), z.string()),
  });
  const [described] = createCatalog([{ ...tool("a.one"), input }]).describe(createPrincipal("u", "viewer"));
  const schema = JSON.stringify(described?.inputSchema);
  expect(schema).not.toContain("propertyNames");
  expect(schema.match(/"pattern":"[^"]*"/g)).toEqual(['"pattern":"^(?:[a-z]+)\\\\.\\\\d$"']);
});
