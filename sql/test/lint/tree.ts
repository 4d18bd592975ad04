/** Calls `visit` for every named node of a syntax tree, the outer ones first. */
export function walk(tree: unknown, visit: (kind: string, node: Record<string, unknown>) => void): void {
  if (Array.isArray(tree)) for (const item of tree) walk(item, visit);
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) return;
  for (const [kind, node] of Object.entries(tree)) {
    if (typeof node === "object" && node !== null && !Array.isArray(node))
      visit(kind, node as Record<string, unknown>);
    walk(node, visit);
  }
}

/** Collects the unqualified names of the functions that a syntax tree calls. */
export function calledFunctions(tree: unknown): Set<string> {
  const names = new Set<string>();
  walk(tree, (kind, node) => {
    if (kind === "FuncCall") names.add(nameOf(node));
  });
  return names;
}

/** Collects every string literal of a syntax tree. */
export function literalsIn(tree: unknown): string[] {
  const literals: string[] = [];
  walk(tree, (_kind, node) => {
    const text = (node.sval as { sval?: string } | undefined)?.sval;
    if (text !== undefined) literals.push(text);
  });
  return literals;
}

/** Returns the name of a called function without its schema. */
export function nameOf(call: Record<string, unknown>): string {
  const parts = call.funcname as { String: { sval: string } }[];
  return parts.at(-1)?.String.sval ?? "";
}
