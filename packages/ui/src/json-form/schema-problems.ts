import { dereference, validate } from "@cfworker/json-schema";
import { explain } from "./explain.ts";
import type { ArgumentProblem } from "./problem.ts";
import type { Schema } from "./schema.ts";

type Compiled = { schema: Schema; lookup: Record<string, boolean | Schema> };
const compiled = new WeakMap<Schema, Compiled>();

/** The problems of a value by a part of a schema; references are looked up in the whole. */
export function problemsBy(schema: Schema, root: Schema, value: unknown): ArgumentProblem[] {
  try {
    const whole = prepared(root);
    const part = prepared(schema);
    const lookup = { ...part.lookup, ...whole.lookup };
    const { valid, errors } = run(value, part.schema, lookup);
    return valid ? [] : explain(errors, { schema: part.schema, root: whole.schema, value });
  } catch {
    // A reference that leads nowhere, or a key that is half a character: the server has the last word anyway.
    return [];
  }
}

function run(value: unknown, schema: Schema, lookup: Compiled["lookup"]) {
  try {
    return validate(value, schema, "2020-12", lookup, false);
  } catch (cause) {
    // More errors than the stack holds: the first one will do.
    if (cause instanceof RangeError) return validate(value, schema, "2020-12", lookup, true);
    throw cause;
  }
}

/** The validator writes notes into a schema, and stops at a pattern that is not one: it gets a copy without those. */
function prepared(schema: Schema): Compiled {
  const known = compiled.get(schema);
  if (known) return known;
  const copy: Schema = JSON.parse(JSON.stringify(schema), (key, value) =>
    key === "pattern" && typeof value === "string" && !isPattern(value) ? undefined : value,
  );
  const made = { schema: copy, lookup: dereference(copy) as Compiled["lookup"] };
  compiled.set(schema, made);
  return made;
}

function isPattern(source: string) {
  try {
    return new RegExp(source, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
