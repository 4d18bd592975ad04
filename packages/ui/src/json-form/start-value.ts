import { isRecord, type Schema } from "./schema.ts";
import { type Shape, shapeOf } from "./shape.ts";

/** Returns the first value of an entry that the user added: its default, else the simplest valid value. */
export function startValue(schema: Schema, root: Schema): unknown {
  const shape = shapeOf(schema, root);
  if (shape.schema.default !== undefined) return shape.schema.default;
  switch (shape.kind) {
    case "text":
      return "";
    case "number":
      return Math.max(0, lowest(shape.schema));
    case "flag":
      return false;
    case "null":
      return null;
    case "choice":
      return shape.values[0];
    case "object":
      return decided(shape, root);
    case "list":
      return [];
    case "alternatives":
      return shape.options[0] ? startValue(shape.options[0], root) : null;
  }
}

const lowest = ({ minimum }: Schema) => (typeof minimum === "number" ? minimum : 0);

/** Returns an object with the keys that have one possible value, such as the discriminator of an alternative. */
export function decided(shape: Shape & { kind: "object" }, root: Schema): Record<string, unknown> {
  const entries = shape.properties.flatMap(([key, property]): [string, unknown][] => {
    const inner = shapeOf(property, root);
    const only = inner.kind === "choice" && inner.values.length === 1 && shape.required.has(key);
    return only ? [[key, inner.values[0]]] : [];
  });
  return Object.fromEntries(entries);
}

/** Carries a value over to another alternative: keys that both have, and text that parses as a number. */
export function converted(value: unknown, schema: Schema, root: Schema): unknown {
  const shape = shapeOf(schema, root);
  if (shape.kind === "text" && (typeof value === "number" || typeof value === "boolean"))
    return String(value);
  if (shape.kind === "number" && typeof value === "string" && value.trim() !== "") {
    const number = Number(value);
    if (Number.isFinite(number)) return number;
  }
  if (shape.kind === "object" && isRecord(value)) {
    const names = new Set(shape.properties.map(([key]) => key));
    const kept = Object.entries(value).filter(([key]) => shape.rest !== undefined || names.has(key));
    return { ...Object.fromEntries(kept), ...decided(shape, root) };
  }
  return startValue(schema, root);
}
