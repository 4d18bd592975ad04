import { childrenOf, countOf, endOf, type JsonDocument, parentOf } from "./json-document.ts";
import { isLong, partsOf } from "./long-text.ts";

/** A place in the tree: a node, or (from 0) a part of a long text that is open. */
export type Place = { node: number; part: number };

/** The part of a row that represents its node as a whole. */
export const whole = -1;

/** The rows that are shown, as two columns side by side; `nodes` never falls. */
export type Rows = { nodes: number[]; parts: number[] };

/** Which nodes are open: 1 at the index of each. */
export type Open = Uint8Array;

export const expandable = (document: JsonDocument, node: number) =>
  countOf(document, node) > 0 || isLong(document.values[node]);

/** The rows of a tree, in linear time of what is shown. */
export function rowsOf(document: JsonDocument, open: Open): Rows {
  const nodes: number[] = [];
  const parts: number[] = [];
  let node = 0;
  while (node < document.values.length) {
    nodes.push(node);
    parts.push(whole);
    const value = document.values[node];
    if (open[node] && isLong(value))
      for (let part = 0; part < partsOf(value); part += 1) {
        nodes.push(node);
        parts.push(part);
      }
    node = open[node] ? node + 1 : endOf(document, node);
  }
  return { nodes, parts };
}

/** Opens whole levels, from the root down, as long as no more than `most` rows come of it; the root always. */
export function openLevels(document: JsonDocument, most: number): Open {
  const open = new Uint8Array(document.values.length);
  let level = countOf(document, 0) > 0 ? [0] : [];
  let rows = 1;
  while (level.length > 0) {
    for (const node of level) open[node] = 1;
    rows += childCount(document, level);
    // Only what is known to be small is looked into.
    if (rows > most) break;
    level = level.flatMap((node) =>
      [...childrenOf(document, node)].filter((child) => countOf(document, child)),
    );
    if (rows + childCount(document, level) > most) break;
  }
  return open;
}

const childCount = (document: JsonDocument, nodes: number[]) =>
  nodes.reduce((total, node) => total + countOf(document, node), 0);

/** Opens or closes everything that holds something; long texts stay as they are. The root stays open. */
export function openAll(document: JsonDocument, open: Open, state: boolean): Open {
  return open.map((before, node) => {
    if (countOf(document, node) === 0) return state ? before : 0;
    return state || node === 0 ? 1 : 0;
  });
}

/** Opens or closes the nodes named. */
export function withOpen(open: Open, nodes: Iterable<number>, state: boolean): Open {
  const next = open.slice();
  for (const node of nodes) next[node] = state ? 1 : 0;
  return next;
}

/** Yields the ancestors of a node, from its parent to the root. */
export function* ancestorsOf(document: JsonDocument, node: number) {
  for (let at = parentOf(document, node); at >= 0; at = parentOf(document, at)) yield at;
}

/** The row of a place; where it is not shown, that of the nearest row before it. */
export function rowAt({ nodes }: Rows, { node, part }: Place): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle] ?? 0) < node) low = middle + 1;
    else high = middle;
  }
  if (nodes[low] !== node) return Math.max(0, low - 1);
  return nodes[low + part + 1] === node ? low + part + 1 : low;
}
