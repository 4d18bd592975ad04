import { childrenOf, countOf, type JsonDocument } from "./json-document.ts";

/** Lists of objects that can be shown as a table: the whole, or properties of it. */
export function listsIn(document: JsonDocument): number[] {
  if (isList(document, 0)) return [0];
  if (Array.isArray(document.values[0])) return [];
  const lists: number[] = [];
  for (const child of childrenOf(document, 0)) if (isList(document, child)) lists.push(child);
  return lists;
}

function isList(document: JsonDocument, node: number) {
  const value = document.values[node];
  return Array.isArray(value) && countOf(document, node) > 0 && value.every(isObject);
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
