import { problemsBy } from "./check-arguments.ts";
import { distance } from "./explain.ts";
import type { Schema } from "./schema.ts";
import { fits, shapeOf } from "./shape.ts";

/** Which alternative a value is of: the one it is right for, else the nearest of its type; undefined for none. */
export function pickOption(options: Schema[], root: Schema, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const ranked = options
    .map((option, index) => ({ option, index }))
    .filter(({ option }) => isOfType(option, root, value))
    .map(({ option, index }) => ({ index, distance: distance(problemsBy(option, root, value), []) }))
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.index;
}

function isOfType(option: Schema, root: Schema, value: unknown) {
  const shape = shapeOf(option, root);
  return shape.kind === "number" ? typeof value === "number" : fits(shape, value);
}
