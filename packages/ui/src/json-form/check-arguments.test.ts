import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { checkArguments } from "./check-arguments.ts";
import type { Schema } from "./schema.ts";

const schemaOf = (input: z.ZodType): Schema => ({ ...z.toJSONSchema(input, { io: "input" }) });
const told = (input: z.ZodType, value: unknown) =>
  checkArguments(schemaOf(input), value).map(({ path, code, params }) => [path, code, params]);

describe("checkArguments", () => {
  it.each([
    [z.object({ a: z.string() }), {}, ["a", "required", {}]],
    [z.strictObject({}), { b: 1 }, ["b", "unknownKey", { key: "b" }]],
    [z.object({ a: z.number() }), { a: "1" }, ["a", "type", { expected: ["number"] }]],
    [z.object({ a: z.enum(["x", "y"]) }), { a: "z" }, ["a", "choice", { values: ["x", "y"] }]],
    [z.object({ a: z.literal("x") }), { a: "z" }, ["a", "choice", { values: ["x"] }]],
    [z.object({ a: z.uuid() }), { a: "no" }, ["a", "format", { format: "uuid" }]],
    [z.object({ a: z.string().regex(/^b/) }), { a: "a" }, ["a", "pattern", {}]],
    [z.object({ a: z.string().min(2) }), { a: "x" }, ["a", "minLength", { limit: 2 }]],
    [z.object({ a: z.string().max(2) }), { a: "xyz" }, ["a", "maxLength", { limit: 2 }]],
    [z.object({ a: z.number().gt(2) }), { a: 2 }, ["a", "exclusiveMinimum", { limit: 2 }]],
    [z.object({ a: z.int().max(2) }), { a: 3 }, ["a", "maximum", { limit: 2 }]],
    [z.object({ a: z.array(z.string()).min(1) }), { a: [] }, ["a", "minItems", { limit: 1 }]],
    [
      z.object({ a: z.array(z.strictObject({ b: z.boolean() })) }),
      { a: [{ b: 1 }] },
      ["a.0.b", "type", { expected: ["boolean"] }],
    ],
    [z.record(z.string().regex(/^[a-z]+$/), z.number()), { A: 1 }, ["A", "keyName", { key: "A" }]],
    [z.object({ a: z.string().nullable() }), { a: 1 }, ["a", "type", { expected: ["string", "null"] }]],
    [z.object({ a: z.string() }), [], ["", "type", { expected: ["object"] }]],
  ])("tells what is wrong, case %#", (input, value, expected) => {
    expect(told(input, value)).toEqual([expected]);
  });

  it("tells which items are too many", () => {
    expect(told(z.object({ a: z.tuple([z.string()]) }), { a: ["x", "y"] })).toEqual([
      ["a", "maxItems", { limit: 1 }],
      ["a.1", "extraItem", {}],
    ]);
  });

  it("tells what is wrong by the nearest alternative", () => {
    const input = z.object({
      event: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("mail"), to: z.string() }),
        z.strictObject({ kind: z.literal("sms"), phone: z.string() }),
      ]),
      size: z.union([z.string().max(3), z.number()]),
    });
    expect(told(input, { event: { kind: "sms", phone: 1, to: "x" }, size: "long" })).toEqual([
      ["event.phone", "type", { expected: ["string"] }],
      ["event.to", "unknownKey", { key: "to" }],
      ["size", "maxLength", { limit: 3 }],
    ]);
    expect(told(input, { event: { kind: "mail", to: "" }, size: true })).toEqual([
      ["size", "type", { expected: ["string", "number"] }],
    ]);
  });

  it("says where a value is of two alternatives that exclude each other", () => {
    const schema = { oneOf: [{ type: "number", minimum: 1 }, { type: "integer" }, { type: "string" }] };
    expect(checkArguments(schema, 2).map(({ code }) => code)).toEqual(["ambiguous"]);
    expect(checkArguments(schema, "x")).toEqual([]);
  });

  it("follows references, also of a schema to itself", () => {
    const node: z.ZodType = z.object({
      name: z.string(),
      get children() {
        return z.array(node);
      },
    });
    expect(told(z.object({ node }), { node: { name: "a", children: [{ name: 1, children: [] }] } })).toEqual([
      ["node.children.0.name", "type", { expected: ["string"] }],
    ]);
  });

  it("reports what a check of the host finds in texts of that name, in place of the schema's problem", () => {
    const input = z.object({ list: z.array(z.object({ rut: z.string().min(9) })), rut: z.number() });
    const applies = (name: string) => name === "rut";
    const checks = [{ applies, check: (text: string) => (text === "1-9" ? "short" : undefined) }];
    const found = checkArguments(schemaOf(input), { list: [{ rut: "1-9" }, { rut: "x" }], rut: 1 }, checks);
    expect(found.map(({ path, code, params }) => [path, code, params])).toEqual([
      ["list.0.rut", "custom", { custom: "short" }],
      ["list.1.rut", "minLength", { limit: 9 }],
    ]);
  });

  it("has nothing to say where a schema leads nowhere, and never throws", () => {
    expect(checkArguments({ properties: { a: { $ref: "#/$defs/gone" } } }, { a: 1 })).toEqual([]);
    expect(checkArguments({ properties: { a: { pattern: "(" } } }, { a: "x" })).toEqual([]);
    expect(checkArguments({ type: "object" }, { "\ud800": 1 })).toEqual([]);
  });

  it("objects where, and only where, the tools themselves object to the shape", () => {
    const value = fc.dictionary(
      fc.constantFrom("id", "rut", "limit", "search", "services", "crm", "zzz", "__proto__"),
      fc.oneof(
        fc.constantFrom("x", 1, true, {}, { crm: true }, { crm: 1 }, [], null),
        fc.jsonValue({ maxDepth: 1 }),
      ),
    );
    // Rules that no JSON Schema holds: the check digit stands for them here.
    const input = z.strictObject({
      id: z.uuid().optional(),
      limit: z.int().min(1).max(100).default(50),
      search: z.string().max(12).optional(),
      services: z.strictObject({ crm: z.boolean() }).partial().optional(),
    });
    const schema = schemaOf(input);
    fc.assert(
      fc.property(value, (given) => {
        expect(checkArguments(schema, given).length === 0).toBe(input.safeParse(given).success);
      }),
    );
  });
});
