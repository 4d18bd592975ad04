import type { OutputUnit } from "@cfworker/json-schema";
import { childAt, dotted, type Path, valueAt } from "./path.ts";
import { type ArgumentProblem, type ProblemCode, problemCodes } from "./problem.ts";
import { isRecord, pathOfPointer, type Schema } from "./schema.ts";

/** The input of a check: the schema with everything that it refers to, and the value. */
export type Checked = { schema: Schema; root: Schema; value: unknown };

// Keywords that only report an error below them.
const containers = new Set(
  "properties patternProperties additionalProperties unevaluatedProperties items prefixItems unevaluatedItems additionalItems $ref allOf if dependentSchemas contains".split(
    " ",
  ),
);

/** Turns the validator's list, in which a schema comes before its parts, into one problem per leaf. */
export function explain(units: OutputUnit[], checked: Checked): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  let container = "";
  for (let index = 0; index < units.length; index += 1) {
    const unit = units[index];
    if (!unit) continue;
    const { keyword } = unit;
    if (keyword === "anyOf" || keyword === "oneOf") {
      const below = unitsBelow(units, index);
      problems.push(...explainAlternatives(unit, below, checked));
      index += below.length;
    } else if (keyword === "propertyNames") {
      const below = unitsBelow(units, index);
      problems.push(...badName(unit, below[0], checked));
      index += below.length;
    } else if (containers.has(keyword)) {
      container = keyword;
    } else {
      problems.push(...leaf(unit, container, checked));
    }
  }
  return problems;
}

/** Returns the units for the part of the schema at `index`; a `false` schema has no location. */
function unitsBelow(units: OutputUnit[], index: number) {
  const within = `${units[index]?.keywordLocation}/`;
  const end = units.findIndex(
    (unit, at) => at > index && !unit.keywordLocation.startsWith(within) && unit.keyword !== "false",
  );
  return units.slice(index + 1, end < 0 ? units.length : end);
}

/** Of several alternatives, what is wrong by the one that comes closest. */
function explainAlternatives(unit: OutputUnit, below: OutputUnit[], checked: Checked): ArgumentProblem[] {
  const at = pathOfUnit(unit, checked.value);
  const options = keywordOf(unit, checked);
  const groups = new Map<string, OutputUnit[]>();
  let current: OutputUnit[] = [];
  for (const part of below) {
    const option = part.keywordLocation.slice(unit.keywordLocation.length + 1).split("/")[0] ?? "";
    if (part.keyword !== "false") current = groups.get(option) ?? [];
    if (part.keyword !== "false") groups.set(option, current);
    current.push(part);
  }
  if (unit.keyword === "oneOf" && Array.isArray(options) && groups.size < options.length)
    return [problem(at, "ambiguous")];
  const explained = [...groups.values()].map((group) => explain(group, checked));
  const best = explained.toSorted((a, b) => distance(a, at) - distance(b, at))[0] ?? [];
  if (!best.some((one) => one.code === "type" && one.at.length === at.length)) return best;
  const expected = explained.flatMap((list) => list.flatMap((one) => one.params.expected ?? []));
  return [problem(at, "type", { expected: [...new Set(expected)] })];
}

/** Measures how far a value is from an alternative: another type counts most, then another choice, then a detail. */
export function distance(problems: ArgumentProblem[], at: Path): number {
  const weights = problems.map(({ code, at: where }) => {
    if (code === "type" && where.length === at.length) return 1000;
    return code === "choice" ? 20 : 1;
  });
  return weights.reduce((sum, weight) => sum + weight, 0);
}

function leaf(unit: OutputUnit, container: string, checked: Checked): ArgumentProblem[] {
  const at = pathOfUnit(unit, checked.value);
  const told = keywordOf(unit, checked);
  switch (unit.keyword) {
    case "false":
      if (container.endsWith("tems")) return [problem(at, "extraItem")];
      return [problem(at, "unknownKey", { key: String(at.at(-1) ?? "") })];
    case "required":
      return missing(at, told, checked);
    case "type":
      return [problem(at, "type", { expected: Array.isArray(told) ? told.map(String) : [String(told)] })];
    case "enum":
      return [problem(at, "choice", { values: Array.isArray(told) ? told : [] })];
    case "const":
      return [problem(at, "choice", { values: [told] })];
    case "format":
      return [problem(at, "format", { format: String(told) })];
    default: {
      const code = problemCodes.find((known) => known === unit.keyword) ?? "other";
      return [problem(at, code, typeof told === "number" ? { limit: told } : {})];
    }
  }
}

/** The validator names missing keys in prose, one by one; they are read from the schema instead, all at once. */
function missing(at: Path, required: unknown, { value }: Checked): ArgumentProblem[] {
  const object = valueAt(value, at);
  const keys = Array.isArray(required) ? required.map(String) : [];
  return keys
    .filter((key) => isRecord(object) && !Object.hasOwn(object, key))
    .map((key) => problem([...at, key], "required"));
}

function badName(unit: OutputUnit, first: OutputUnit | undefined, { value }: Checked): ArgumentProblem[] {
  const at = first ? pathOfUnit(first, value) : pathOfUnit(unit, value);
  return [problem(at, "keyName", { key: String(at.at(-1) ?? "") })];
}

export function problem(
  at: Path,
  code: ProblemCode,
  params: ArgumentProblem["params"] = {},
): ArgumentProblem {
  return { path: dotted(at), at, code, params };
}

function pathOfUnit({ instanceLocation }: OutputUnit, value: unknown): Path {
  let current = value;
  return pathOfPointer(instanceLocation).map((segment) => {
    const step = Array.isArray(current) ? Number(segment) : segment;
    current = childAt(current, step);
    return step;
  });
}

/** The value of the keyword that objected. */
function keywordOf({ keywordLocation }: OutputUnit, { schema, root }: Checked): unknown {
  return pathOfPointer(keywordLocation).reduce<unknown>((current, segment) => {
    const next = childAt(current, segment);
    if (segment !== "$ref" || typeof next !== "string") return next;
    return pathOfPointer(next).reduce(childAt, root as unknown);
  }, schema);
}
