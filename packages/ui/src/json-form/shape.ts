import { isRecord, merged, resolved, type Schema, schemaIn, schemasIn } from "./schema.ts";

/** The layout of a schema in a form. */
export type Shape =
  | { kind: "text"; schema: Schema }
  | { kind: "number"; schema: Schema; whole: boolean }
  | { kind: "flag"; schema: Schema }
  | { kind: "null"; schema: Schema }
  | { kind: "choice"; schema: Schema; values: unknown[] }
  | {
      kind: "object";
      schema: Schema;
      properties: [string, Schema][];
      required: Set<string>;
      rest: Schema | undefined;
    }
  | { kind: "list"; schema: Schema; first: Schema[]; items: Schema | undefined }
  | { kind: "alternatives"; schema: Schema; options: Schema[] };

// The types accepted where a schema names none.
const anything: Schema[] = [
  { type: "string" },
  { type: "number" },
  { type: "boolean" },
  { type: "object", additionalProperties: true },
  { type: "array", items: true },
  { type: "null" },
];

const known = new WeakMap<Schema, WeakMap<Schema, Shape>>();

/** The shape of a schema; the same object for the same schema, so that its parts can be compared by identity. */
export function shapeOf(schema: Schema, root: Schema): Shape {
  const ofRoot = known.get(root) ?? new WeakMap<Schema, Shape>();
  known.set(root, ofRoot);
  const shape = ofRoot.get(schema) ?? shapeOfResolved(resolved(schema, root), root);
  ofRoot.set(schema, shape);
  return shape;
}

function shapeOfResolved(schema: Schema, root: Schema): Shape {
  const values = valuesOf(schema);
  if (values) return { kind: "choice", schema, values };
  const options = schemasIn(schema.anyOf ?? schema.oneOf);
  if (options.length > 0) return alternatives(schema, options, root);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? impliedType(schema)];
  if (types.length > 1) {
    const ofTypes = types.map((type) => ({ ...schema, type, description: undefined, title: undefined }));
    return { kind: "alternatives", schema, options: ofTypes };
  }
  switch (types[0]) {
    case "string":
      return { kind: "text", schema };
    case "integer":
    case "number":
      return { kind: "number", schema, whole: types[0] === "integer" };
    case "boolean":
      return { kind: "flag", schema };
    case "null":
      return { kind: "null", schema };
    case "object":
      return objectShape(schema);
    case "array":
      return {
        kind: "list",
        schema,
        first: schemasIn(schema.prefixItems),
        items: schemaIn(schema.items),
      };
    default:
      return { kind: "alternatives", schema, options: anything };
  }
}

function alternatives(schema: Schema, options: Schema[], root: Schema): Shape {
  const { anyOf, oneOf, description, title, default: _default, ...shared } = schema;
  const whole = options.map((option) => merged(shared, resolved(option, root)));
  const values = whole.map(valuesOf);
  if (values.every((list) => list !== undefined)) return { kind: "choice", schema, values: values.flat() };
  return { kind: "alternatives", schema, options: whole };
}

function valuesOf(schema: Schema): unknown[] | undefined {
  if ("const" in schema) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

function impliedType(schema: Schema) {
  if (schema.properties || schema.additionalProperties || schema.required) return "object";
  return schema.items || schema.prefixItems ? "array" : undefined;
}

function objectShape(schema: Schema): Shape {
  const named = isRecord(schema.properties) ? Object.entries(schema.properties) : [];
  const properties = named.flatMap(([key, value]): [string, Schema][] => {
    const property = schemaIn(value);
    return property ? [[key, property]] : [];
  });
  const patterns = isRecord(schema.patternProperties) ? Object.values(schema.patternProperties) : [];
  // Without the keyword, further keys are allowed but not offered; with a schema or `true`, the object is a record.
  const rest = schema.additionalProperties ?? patterns[0] ?? false;
  const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
  return { kind: "object", schema, properties, required, rest: schemaIn(rest) };
}

/** Decides whether a field of this shape can show a value, right or wrong. */
export function fits(shape: Shape, value: unknown): boolean {
  if (value === undefined) return true;
  switch (shape.kind) {
    case "text":
      return typeof value === "string";
    // A number that is still being typed is text in the arguments.
    case "number":
      return typeof value === "number" || typeof value === "string";
    case "flag":
      return typeof value === "boolean";
    case "null":
      return value === null;
    case "object":
      return isRecord(value);
    case "list":
      return Array.isArray(value);
    default:
      return true;
  }
}
