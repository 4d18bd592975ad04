import { visibleJson } from "../visible-text.ts";

/**
 * A JSON value laid out in the order in which it is written, so that a tree of any depth is a walk over indices: node 0 is
 * the whole, the descendants of node n are n + 1 up to `ends[n]`.
 */
export type JsonDocument = {
  values: unknown[];
  /** The property name or the index by which the parent holds a node; undefined for the whole. */
  keys: (string | number | undefined)[];
  parents: number[];
  ends: number[];
  depths: number[];
  /** Which child of its parent a node is, from 0. */
  positions: number[];
  /** The number of children of each node. */
  counts: number[];
};

type Unfinished = { node: number; names: string[] | undefined; next: number };

/** Lays out a parsed JSON value, in linear time and without recursion: hostile results nest deeper than the call stack. */
export function layOut(whole: unknown): JsonDocument {
  const document: JsonDocument = {
    values: [],
    keys: [],
    parents: [],
    ends: [],
    depths: [],
    positions: [],
    counts: [],
  };
  const unfinished: Unfinished[] = [];
  append(document, unfinished, { value: whole, key: undefined, parent: -1, position: 0 });
  for (let current = unfinished.at(-1); current; current = unfinished.at(-1)) {
    const { node, names } = current;
    if (current.next === document.counts[node]) {
      document.ends[node] = document.values.length;
      unfinished.pop();
      continue;
    }
    const position = current.next;
    current.next += 1;
    const key = names ? (names[position] ?? "") : position;
    const value = (document.values[node] as Record<string | number, unknown>)[key];
    append(document, unfinished, { value, key, parent: node, position });
  }
  return document;
}

function append(
  document: JsonDocument,
  unfinished: Unfinished[],
  {
    value,
    key,
    parent,
    position,
  }: { value: unknown; key: string | number | undefined; parent: number; position: number },
) {
  const node = document.values.length;
  const container = typeof value === "object" && value !== null;
  const names = container && !Array.isArray(value) ? Object.keys(value) : undefined;
  const count = names ? names.length : Array.isArray(value) ? value.length : 0;
  document.values.push(value);
  document.keys.push(key);
  document.parents.push(parent);
  document.positions.push(position);
  document.depths.push(parent < 0 ? 0 : depthOf(document, parent) + 1);
  document.counts.push(count);
  document.ends.push(node + 1);
  if (count > 0) unfinished.push({ node, names, next: 0 });
}

export const endOf = (document: JsonDocument, node: number) => document.ends[node] ?? 0;
export const depthOf = (document: JsonDocument, node: number) => document.depths[node] ?? 0;
export const countOf = (document: JsonDocument, node: number) => document.counts[node] ?? 0;
export const parentOf = (document: JsonDocument, node: number) => document.parents[node] ?? -1;

/** The children of a node, in order. */
export function* childrenOf(document: JsonDocument, node: number) {
  for (let child = node + 1; child < endOf(document, node); child = endOf(document, child)) yield child;
}

const plainName = /^[A-Za-z_$][\w$]*$/;

/** Returns the JSONPath of a node: `$.tenants[0]["two words"]`. */
export function pathOf(document: JsonDocument, node: number): string {
  const steps: string[] = [];
  for (let at = node; at > 0; at = parentOf(document, at)) {
    const key = document.keys[at];
    if (typeof key === "number") steps.push(`[${key}]`);
    else if (plainName.test(key ?? "")) steps.push(`.${key}`);
    else steps.push(`[${visibleJson(key)}]`);
  }
  return `$${steps.reverse().join("")}`;
}
