import { problem } from "./explain.ts";
import { keyOf, type Path } from "./path.ts";
import { pickOption } from "./pick-option.ts";
import type { ArgumentProblem } from "./problem.ts";
import { isRecord, type Schema } from "./schema.ts";
import { problemsBy } from "./schema-problems.ts";
import { shapeOf } from "./shape.ts";

/** A rule for a text that its schema cannot express; decides by the name and the schema of the property. */
export type TextCheck = {
  applies: (name: string, schema: Schema) => boolean;
  /** Returns a code for a text that breaks the rule. The host of the form words it. */
  check: (text: string) => string | undefined;
};

type Checked = { schema: Schema; value: unknown; checks: readonly TextCheck[]; problems: ArgumentProblem[] };
let last: Checked | undefined;

/**
 * Checks arguments by the JSON Schema (2020-12) of their tool and by `checks`. Interprets the schema, because the content
 * security policy forbids compiling one. Returns at most one problem per path, that of a check first. The server checks
 * what a schema cannot express, such as a rule between two fields.
 */
export function checkArguments(
  schema: Schema,
  value: unknown,
  checks: readonly TextCheck[] = [],
): ArgumentProblem[] {
  if (last?.schema !== schema || last.value !== value || last.checks !== checks)
    last = { schema, value, checks, problems: check(schema, value, checks) };
  return last.problems;
}

function check(schema: Schema, value: unknown, checks: readonly TextCheck[]): ArgumentProblem[] {
  const broken = checks.length > 0 ? textProblems(schema, { root: schema, value, at: [], checks }) : [];
  const found = [...broken, ...problemsBy(schema, schema, value)];
  const first = new Map<string, ArgumentProblem>();
  for (const one of found) {
    const before = first.get(keyOf(one.at));
    // "Not an email address" is more specific than the pattern problem that came with it.
    if (!before || (before.code === "pattern" && one.code === "format")) first.set(keyOf(one.at), one);
  }
  return [...first.values()];
}

type Place = { root: Schema; value: unknown; at: Path; checks: readonly TextCheck[] };

function textProblems(schema: Schema, { root, value, at, checks }: Place): ArgumentProblem[] {
  const shape = shapeOf(schema, root);
  if (shape.kind === "alternatives") {
    const option = shape.options[pickOption(shape.options, root, value) ?? -1];
    return option ? textProblems(option, { root, value, at, checks }) : [];
  }
  if (shape.kind === "list" && Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const itemSchema = shape.first[index] ?? shape.items;
      return itemSchema ? textProblems(itemSchema, { root, value: item, at: [...at, index], checks }) : [];
    });
  }
  if (shape.kind !== "object" || !isRecord(value)) return [];
  return shape.properties.flatMap(([key, property]) => {
    if (!Object.hasOwn(value, key)) return [];
    const given = value[key];
    const { kind, schema: own } = shapeOf(property, root);
    const rule =
      typeof given === "string" && kind === "text" ? checks.find((one) => one.applies(key, own)) : undefined;
    if (!rule) return textProblems(property, { root, value: given, at: [...at, key], checks });
    const code = rule.check(String(given));
    return code ? [problem([...at, key], "custom", { custom: code })] : [];
  });
}
