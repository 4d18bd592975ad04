import { nameOf } from "./tree.ts";

/**
 * Renders the statements that an `execute` of this expression may run: with a name or value in each place of `format`,
 * and with each alternative in places for any SQL (`%s`). Returns none when the text depends on more than that.
 */
export function renderDynamic(trees: unknown[]): string[] {
  const [select] = trees as { SelectStmt?: { targetList?: { ResTarget: { val: Node } }[] } }[];
  const value = select?.SelectStmt?.targetList?.[0]?.ResTarget.val;
  if (!value) return [];
  return [...new Set(anySql.map((filling) => textOf(value, filling)))].filter((text) => text !== undefined);
}

type Node = Record<string, Record<string, unknown>>;

const anySql = ["a_name", "select 1", "for values from ('a value') to ('a value')"];

function textOf(node: Node, filling: string): string | undefined {
  const { A_Const: constant, A_Expr: operation, FuncCall: call } = node;
  if (constant) return (constant.sval as { sval?: string } | undefined)?.sval;
  if (operation && JSON.stringify(operation.name).includes('"||"')) {
    const parts = [operation.lexpr as Node, operation.rexpr as Node].map((part) => textOf(part, filling));
    return parts.includes(undefined) ? undefined : parts.join("");
  }
  if (call && nameOf(call) === "format") {
    const [template] = (call.args as Node[]).map((argument) => textOf(argument, filling));
    const places: Record<string, string> = { I: "a_name", L: "'a value'", s: filling, "%": "%" };
    return template?.replace(/%(?:\d+\$)?-?\d*([IsL%])/g, (_place, kind: string) => places[kind] ?? "");
  }
  return undefined;
}
