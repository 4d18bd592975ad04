import { distance } from "./explain.ts";
import type { Schema } from "./schema.ts";
import { problemsBy } from "./schema-problems.ts";
import { fits, shapeOf } from "./shape.ts";

/** Which alternative a value is of: the one it is right for, else the nearest of its type; undefined for none. */
export function pickOption(options: Schema[], root: Schema, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const candidates = options
    .map((_, index) => index)
    .filter((index) => isOfType(options[index], root, value));
  if (candidates.length < 2) return candidates[0];
  const distances = new Map(
    candidates.map((index) => [index, distance(problemsBy(options[index] ?? {}, root, value), [])]),
  );
  return candidates.toSorted((a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0))[0];
}

function isOfType(option: Schema | undefined, root: Schema, value: unknown) {
  if (!option) return false;
  const shape = shapeOf(option, root);
  return shape.kind === "number" ? typeof value === "number" : fits(shape, value);
}
