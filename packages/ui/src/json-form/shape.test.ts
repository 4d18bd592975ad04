import { describe, expect, it } from "vitest";
import * as z from "zod";
import { pickOption } from "./pick-option.ts";
import type { Schema } from "./schema.ts";
import { shapeOf } from "./shape.ts";
import { converted, startValue } from "./start-value.ts";

const schemaOf = (input: z.ZodType): Schema => ({ ...z.toJSONSchema(input, { io: "input" }) });
const kindOf = (input: z.ZodType) => {
  const schema = schemaOf(input);
  return shapeOf(schema, schema).kind;
};

describe("the shape of a schema", () => {
  it.each([
    [z.string(), "text"],
    [z.int(), "number"],
    [z.boolean(), "flag"],
    [z.null(), "null"],
    [z.enum(["a", "b"]), "choice"],
    [z.literal(["a", 1]), "choice"],
    [z.union([z.literal("a"), z.literal("b")]), "choice"],
    [z.object({}), "object"],
    [z.record(z.string(), z.number()), "object"],
    [z.array(z.string()), "list"],
    [z.tuple([z.string()]), "list"],
    [z.string().nullable(), "alternatives"],
    [z.union([z.string().max(3), z.object({})]), "alternatives"],
    [z.unknown(), "alternatives"],
  ])("is told for zod schema %#", (input, kind) => {
    expect(kindOf(input)).toBe(kind);
  });

  it("folds references and allOf together", () => {
    const root: Schema = {
      $defs: { named: { type: "object", properties: { name: { type: "string" } }, required: ["name"] } },
      allOf: [{ $ref: "#/$defs/named" }, { properties: { age: { type: "integer" } }, required: ["age"] }],
    };
    const shape = shapeOf(root, root);
    if (shape.kind !== "object") throw new Error(shape.kind);
    expect(shape.properties.map(([key]) => key)).toEqual(["name", "age"]);
    expect([...shape.required]).toEqual(["name", "age"]);
  });

  it("survives a schema that refers to itself alone", () => {
    const root: Schema = { $ref: "#" };
    expect(shapeOf(root, root).kind).toBe("alternatives");
  });
});

describe("alternatives", () => {
  const event = schemaOf(
    z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("mail"), to: z.string(), note: z.string().optional() }),
      z.strictObject({ kind: z.literal("sms"), phone: z.string(), note: z.string().optional() }),
    ]),
  );
  const shape = shapeOf(event, event);
  const options = shape.kind === "alternatives" ? shape.options : [];

  it("are told apart by the value, right or nearly", () => {
    expect(pickOption(options, event, { kind: "sms", phone: 1 })).toBe(1);
    expect(pickOption(options, event, { kind: "mail" })).toBe(0);
    expect(pickOption(options, event, "text")).toBeUndefined();
    expect(pickOption(options, event, undefined)).toBeUndefined();
  });

  it("hand over what the other one knows too", () => {
    const [, sms = {}] = options;
    expect(converted({ kind: "mail", to: "x", note: "n" }, sms, event)).toEqual({ kind: "sms", note: "n" });
    expect(converted("7", { type: "number" }, event)).toBe(7);
    expect(converted("seven", { type: "number" }, event)).toBe(0);
    expect(converted(7, { type: "string" }, event)).toBe("7");
  });

  it("begin with what leaves no choice", () => {
    expect(options.map((option) => startValue(option, event))).toEqual([{ kind: "mail" }, { kind: "sms" }]);
  });
});
