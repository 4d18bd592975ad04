import { createCatalog, createPrincipal, type Tool } from "@smarteros/core";
import { describe, expect, it } from "vitest";
import type { BackendPorts } from "./ports.ts";
import { backendTools } from "./tools.ts";

const catalog = createCatalog<BackendPorts>(backendTools);
const descriptions = catalog.describe(createPrincipal("user_1", "admin"));

describe("the catalog, as an agent reads it", () => {
  it("is what it says it is", () => {
    expect(descriptions.map(({ name, requires }) => [name, requires])).toEqual([
      ["fastapi.get", "write"],
      ["fastapi.post", "write"],
    ]);
  });

  it("is not shown to one who may only read", () => {
    expect(catalog.describe(createPrincipal("user_1", "viewer"))).toEqual([]);
  });

  it("fits its budget of bytes", () => {
    expect(Buffer.byteLength(JSON.stringify(descriptions))).toBeLessThan(2_000);
  });

  it.each(descriptions)("$name: short, says when to use it, names no other tool", ({ name, description }) => {
    expect(description.length).toBeLessThanOrEqual(200);
    expect(description).toMatch(/\bUse\b/);
    for (const other of descriptions) if (other.name !== name) expect(description).not.toContain(other.name);
  });

  it.each(backendTools as Tool<BackendPorts>[])("$name: its hints agree with each other", (tool) => {
    const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = tool.annotations;
    expect(destructiveHint).toBe(false);
    expect(openWorldHint).toBe(true);
    expect(readOnlyHint).toBe(tool.name === "fastapi.get");
    expect(idempotentHint).toBe(readOnlyHint);
  });

  it.each(descriptions)("$name: refuses unknown keys", ({ inputSchema }) => {
    expect(inputSchema).toMatchObject({ type: "object", required: ["path"], additionalProperties: false });
  });
});

describe("query parameters", () => {
  const parse = (query: unknown) => catalog.find("fastapi.get")!.input.safeParse({ path: "/tenants", query });

  it("are text, numbers and switches", () => {
    expect(parse({ limit: 5, cursor: "a b&c=d", deep: false }).success).toBe(true);
  });

  it.each([
    ["an object", { a: { b: 1 } }],
    ["a list", { a: ["1", "2"] }],
    ["null", { a: null }],
    ["not a number", { a: Number.NaN }],
    ["a long value", { a: "x".repeat(501) }],
    ["a name with an equals sign", { "a=b": "1" }],
    ["a name with a line end", { "a\r\nb": "1" }],
    ["a long name", { ["a".repeat(41)]: "1" }],
    ["too many", Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`p${index}`, 1]))],
  ])("%s is refused", (_, query) => {
    expect(parse(query).success).toBe(false);
  });
});
