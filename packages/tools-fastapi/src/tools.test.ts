import { createCatalog, createPrincipal } from "@smarteros/core";
import { describe, expect, it } from "vitest";
import type { BackendPorts, ProvisioningPorts } from "./ports.ts";
import { createBackendTools, provisioningTools } from "./tools.ts";

const catalog = createCatalog<BackendPorts & ProvisioningPorts>([
  ...createBackendTools(),
  ...provisioningTools,
]);
const descriptions = catalog.describe(createPrincipal("user_1", "admin"));

describe("the catalog, as an agent reads it", () => {
  it("has consistent hints and a strict schema", () => {
    expect(descriptions.map(({ name, requires }) => [name, requires])).toEqual([
      ["fastapi.get", "write"],
      ["fastapi.post", "write"],
      ["n8n.register", "admin"],
      ["n8n.trigger", "write"],
      ["services.adopt", "admin"],
      ["services.cancel", "write"],
      ["services.provision", "write"],
      ["services.reconcile", "write"],
      ["services.remove", "admin"],
      ["services.retry", "write"],
      ["services.status", "read"],
    ]);
  });

  it("shows a caller with read only the status of services, and nothing else", () => {
    const shown = catalog.describe(createPrincipal("user_1", "viewer")).map(({ name }) => name);
    expect(shown).toEqual(["services.status"]);
  });

  it("hides administrators' tools from an operator", () => {
    const shown = catalog.describe(createPrincipal("user_1", "operator")).map(({ name }) => name);
    expect(shown).not.toContain("services.adopt");
    expect(shown).not.toContain("services.remove");
    expect(shown).not.toContain("n8n.register");
  });

  it("fits its budget of bytes", () => {
    expect(Buffer.byteLength(JSON.stringify(descriptions))).toBeLessThan(9_900);
  });

  it.each(descriptions)("$name: short, with when to use it, names no other tool", ({ name, description }) => {
    expect(description.length).toBeLessThanOrEqual(200);
    expect(description).toMatch(/\bUse\b/);
    for (const other of descriptions) if (other.name !== name) expect(description).not.toContain(other.name);
  });

  it("hints at what each does to the world", () => {
    const hintsOf = ({ annotations }: (typeof descriptions)[number]) => {
      const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
      return [readOnlyHint, destructiveHint, idempotentHint, openWorldHint].map(Number).join("");
    };
    // Read-only, destructive, idempotent, open world.
    expect(Object.fromEntries(descriptions.map((tool) => [tool.name, hintsOf(tool)]))).toEqual({
      "fastapi.get": "1011",
      "fastapi.post": "0001",
      "n8n.register": "0010",
      "n8n.trigger": "0001",
      "services.adopt": "0011",
      "services.cancel": "0110",
      "services.provision": "0011",
      "services.reconcile": "0011",
      "services.remove": "0100",
      "services.retry": "0010",
      "services.status": "1010",
    });
  });

  it.each(descriptions)("$name: refuses unknown keys", ({ name, inputSchema }) => {
    expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
    // These take one of two sets of fields, which a schema without `anyOf` cannot require, or all that there is.
    const either = ["services.adopt", "services.cancel", "services.reconcile", "services.retry"];
    if (!either.includes(name)) expect(inputSchema).toMatchObject({ required: expect.any(Array) });
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
