import type { Path } from "../path.ts";
import type { Schema } from "../schema.ts";
import { type Shape, shapeOf } from "../shape.ts";

/** The shapes that a place of the arguments may have: one for each alternative on the way to it. */
export function shapesAt(root: Schema, path: Path): Shape[] {
  return path.reduce(
    (shapes, segment) => shapes.flatMap((shape) => stepInto(shape, segment, root)),
    branches(root, root),
  );
}

function stepInto(shape: Shape, segment: string | number, root: Schema): Shape[] {
  if (shape.kind === "object") {
    const property = shape.properties.find(([key]) => key === segment)?.[1] ?? shape.rest;
    return property ? branches(property, root) : [];
  }
  if (shape.kind === "list") {
    const item = shape.first[Number(segment)] ?? shape.items;
    return item ? branches(item, root) : [];
  }
  return [];
}

function branches(schema: Schema, root: Schema, depth = 0): Shape[] {
  const shape = shapeOf(schema, root);
  if (shape.kind !== "alternatives" || depth > 4) return [shape];
  const inner = shape.options.flatMap((option) => branches(option, root, depth + 1));
  const { description } = shape.schema;
  if (description === undefined) return inner;
  // A description of the whole applies to each alternative without one.
  return inner.map((branch) => ({ ...branch, schema: { description, ...branch.schema } }));
}
