import { nameOf, walk } from "./tree.ts";

/**
 * What an `execute` of this expression would run, with a name or a value in each place of `format`; `sql` is undefined
 * where the text depends on more than that. `literals` are all texts in it.
 */
export function renderDynamic(trees: unknown[]): { sql: string | undefined; literals: string[] } {
  const literals: string[] = [];
  walk(trees, (_kind, node) => {
    const text = (node.sval as { sval?: string } | undefined)?.sval;
    if (text !== undefined) literals.push(text);
  });
  const [select] = trees as { SelectStmt?: { targetList?: { ResTarget: { val: Node } }[] } }[];
  const value = select?.SelectStmt?.targetList?.[0]?.ResTarget.val;
  return { sql: value && textOf(value), literals };
}

type Node = Record<string, Record<string, unknown>>;

function textOf(node: Node): string | undefined {
  const { A_Const: constant, A_Expr: operation, FuncCall: call } = node;
  if (constant) return (constant.sval as { sval?: string } | undefined)?.sval;
  if (operation && JSON.stringify(operation.name).includes('"||"')) {
    const parts = [operation.lexpr as Node, operation.rexpr as Node].map(textOf);
    return parts.includes(undefined) ? undefined : parts.join("");
  }
  if (call && nameOf(call) === "format") {
    const [template] = (call.args as Node[]).map(textOf);
    return template?.replace(/%(?:\d+\$)?-?\d*([IsL%])/g, (_place, kind: string) => filling[kind] ?? "");
  }
  return undefined;
}

const filling: Record<string, string> = { I: "a_name", s: "a_name", L: "'a value'", "%": "%" };
