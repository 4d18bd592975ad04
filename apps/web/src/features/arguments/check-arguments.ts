import { dereference, validate } from "@cfworker/json-schema";
import { explain, problem } from "./explain.ts";
import { keyOf, type Path } from "./path.ts";
import { pickOption } from "./pick-option.ts";
import type { ArgumentProblem } from "./problem.ts";
import { checkRut } from "./rut-field/rut.ts";
import { isRecord, type Schema } from "./schema.ts";
import { shapeOf } from "./shape.ts";

let last: { schema: Schema; value: unknown; problems: ArgumentProblem[] } | undefined;

/**
 * Checks arguments by the schema of their tool (2020-12), interpreting it: the policy of our pages forbids to compile
 * one. At most one problem for a place. What the schema cannot say, such as a rule between two fields, the server says.
 */
export function checkArguments(schema: Schema, value: unknown): ArgumentProblem[] {
  if (last?.schema !== schema || last.value !== value)
    last = { schema, value, problems: check(schema, value) };
  return last.problems;
}

function check(schema: Schema, value: unknown): ArgumentProblem[] {
  const found = [...rutProblems(schema, schema, value, []), ...problemsBy(schema, schema, value)];
  const first = new Map<string, ArgumentProblem>();
  for (const one of found) {
    const before = first.get(keyOf(one.at));
    // "Not an email address" says more than "not of the pattern" that came with it.
    if (!before || (before.code === "pattern" && one.code === "format")) first.set(keyOf(one.at), one);
  }
  return [...first.values()];
}

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

/** A field named `rut` holds a RUT: its length and digits are told better than by bounds and patterns. */
function rutProblems(schema: Schema, root: Schema, value: unknown, at: Path): ArgumentProblem[] {
  const shape = shapeOf(schema, root);
  if (shape.kind === "alternatives") {
    const option = shape.options[pickOption(shape.options, root, value) ?? -1];
    return option ? rutProblems(option, root, value, at) : [];
  }
  if (shape.kind === "list" && Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const itemSchema = shape.first[index] ?? shape.items;
      return itemSchema ? rutProblems(itemSchema, root, item, [...at, index]) : [];
    });
  }
  if (shape.kind !== "object" || !isRecord(value)) return [];
  return shape.properties.flatMap(([key, property]) => {
    if (!Object.hasOwn(value, key)) return [];
    const given = value[key];
    const isRut = key === "rut" && typeof given === "string" && shapeOf(property, root).kind === "text";
    if (!isRut) return rutProblems(property, root, given, [...at, key]);
    const code = checkRut(given);
    return code ? [problem([...at, key], code)] : [];
  });
}
