import { createCatalog, createPrincipal, type Tool } from "@smarteros/core";
import { describe, expect, it } from "vitest";
import type { TenantPorts } from "./ports.ts";
import { tenantTools } from "./tools.ts";

const catalog = createCatalog<TenantPorts>(tenantTools);
const descriptions = catalog.describe(createPrincipal("user_1", "admin"));

describe("the catalog, as an agent reads it", () => {
  it("has consistent hints and a strict schema", () => {
    expect(descriptions.map(({ name, requires }) => [name, requires])).toEqual([
      ["tenants.create", "write"],
      ["tenants.delete", "write"],
      ["tenants.get", "read"],
      ["tenants.handOver", "admin"],
      ["tenants.list", "read"],
      ["tenants.resolve", "write"],
      ["tenants.restore", "write"],
      ["tenants.updateServices", "write"],
    ]);
  });

  it("fits its budget of bytes", () => {
    expect(Buffer.byteLength(JSON.stringify(descriptions))).toBeLessThan(7_500);
  });

  it.each(descriptions)(
    "$name: short, with when to use it, and names no other tool",
    ({ name, description }) => {
      expect(description.length).toBeLessThanOrEqual(200);
      expect(description).toMatch(/\bUse\b/);
      for (const other of descriptions)
        if (other.name !== name) expect(description).not.toContain(other.name);
    },
  );

  it.each(tenantTools as Tool<TenantPorts>[])(
    "$name: its hints agree with each other and with what it needs",
    (tool) => {
      const { readOnlyHint, destructiveHint, idempotentHint } = tool.annotations;
      expect(readOnlyHint && destructiveHint).toBe(false);
      expect(tool.requires === "read").toBe(readOnlyHint);
      if (readOnlyHint) expect(idempotentHint).toBe(true);
    },
  );

  it.each(descriptions)("$name: refuses unknown keys at every level", ({ inputSchema }) => {
    const objects = (schema: unknown): Record<string, unknown>[] => {
      if (typeof schema !== "object" || schema === null) return [];
      const inner = Object.values(schema).flatMap(objects);
      return "type" in schema && schema.type === "object" ? [{ ...schema }, ...inner] : inner;
    };
    const found = objects(inputSchema);
    expect(found.length).toBeGreaterThan(0);
    for (const object of found) expect(object.additionalProperties).toBe(false);
  });
});
