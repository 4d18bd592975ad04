import { childrenOf, countOf, type JsonDocument } from "./json-document.ts";

// A response of a backend is in `data`, and its list in a property of that.
const deepest = 2;

/** Lists of objects that can be shown as a table: the whole, or properties of it, or of an object in it. */
export function listsIn(document: JsonDocument): number[] {
  return isList(document, 0) ? [0] : listsUnder(document, 0, 1);
}

function listsUnder(document: JsonDocument, node: number, depth: number): number[] {
  if (!isObject(document.values[node])) return [];
  const lists: number[] = [];
  for (const child of childrenOf(document, node)) {
    if (isList(document, child)) lists.push(child);
    else if (depth < deepest) lists.push(...listsUnder(document, child, depth + 1));
  }
  return lists;
}

function isList(document: JsonDocument, node: number) {
  const value = document.values[node];
  return Array.isArray(value) && countOf(document, node) > 0 && value.every(isObject);
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
