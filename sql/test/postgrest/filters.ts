import { splitTopLevel } from "./request.ts";
import { joined, name, parameter, type Snippet } from "./snippet.ts";

// PostgREST 17, src/library/PostgREST/Query/SqlFragment.hs 380-435: pgFmtFilter and pgFmtLogicTree.

const operators: Record<string, string> = {
  eq: "=",
  neq: "<>",
  gt: ">",
  gte: ">=",
  lt: "<",
  lte: "<=",
};
const isValues: Record<string, string> = { null: "NULL", not_null: "NOT NULL", true: "TRUE", false: "FALSE" };

/** The condition of a filter `column=operation` on a relation. */
export function filter(relation: string, column: string, operation: string): Snippet {
  if (operation.startsWith("not.")) return ["NOT ", ...filter(relation, column, operation.slice(4))];
  const field = `${relation}.${name(column)}`;
  const [, operator = "", value = ""] = /^(\w+)\.(.*)$/s.exec(operation) ?? [];
  if (operator === "is") return [` ${field} IS ${isValues[value]}`];
  if (operator === "in") {
    const values = splitTopLevel(value.slice(1, -1)).map(unquoted);
    const literal = `{${values.map((item) => `"${item.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`;
    return [` ${field} = ANY (`, ...parameter(literal), ") "];
  }
  if (operators[operator] === undefined) throw new Error(`no template for the operator ${operator}`);
  return [` ${field} ${operators[operator]} `, ...parameter(value)];
}

/** The condition of `or=(…)` or `and=(…)`. */
export function logicTree(relation: string, operator: string, list: string): Snippet {
  const conditions = splitTopLevel(list.slice(1, -1)).map((item) => {
    const [, nested, inner] = /^(and|or)(\(.*\))$/s.exec(item) ?? [];
    if (nested && inner) return logicTree(relation, nested, inner);
    const [, column = "", operation = ""] = /^(\w+)\.(.*)$/s.exec(item) ?? [];
    return filter(relation, column, unquotedValue(operation));
  });
  return [" (", ...joined(conditions, ` ${operator.toUpperCase()} `), ")"];
}

// A value may be quoted in a logic tree, but not in a single filter.
function unquotedValue(operation: string): string {
  return operation.replace(
    /^((?:not\.)?\w+\.)"(.*)"$/s,
    (_all, before: string, value: string) => before + unescaped(value),
  );
}

function unquoted(text: string): string {
  return text.startsWith('"') ? unescaped(text.slice(1, -1)) : text;
}

const unescaped = (text: string) => text.replaceAll(/\\(.)/g, "$1");
