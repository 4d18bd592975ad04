import { type Folded, fold, unfold } from "./fold.ts";
import type { JsonDocument } from "./json-document.ts";
import { scalarText } from "./json-text.ts";

/** A match of the search: in the key or in the value of a node. */
export type Match = { node: number; part: "key" | "value"; start: number; end: number };

/** A search ends after this many matches; the view shows "more than". */
export const maxMatches = 10_000;

/**
 * Creates the search of a document. A search adds to `found` in document order, and yields regularly so that its caller
 * can let the browser render; it returns whether it covered the whole document. Folded texts are cached for the next
 * search.
 */
export function finder(document: JsonDocument) {
  const values: (Folded | undefined)[] = [];
  const names = new Map<string, Folded>();
  const foldedValue = (node: number) => (values[node] ??= fold(searchable(document.values[node])));
  const foldedName = (name: string) => {
    const known = names.get(name) ?? fold(name);
    names.set(name, known);
    return known;
  };

  return function* find(text: string, found: Match[]): Generator<undefined, boolean> {
    const wanted = fold(text).text;
    if (!wanted) return true;
    let work = 0;
    for (let node = 0; node < document.values.length; node += 1) {
      const key = document.keys[node];
      if (typeof key === "string") work += addAll(foldedName(key), wanted, { node, part: "key" }, found);
      const value = document.values[node];
      if (typeof value !== "object" || value === null)
        work += addAll(foldedValue(node), wanted, { node, part: "value" }, found);
      if (found.length >= maxMatches) return false;
      work += 20;
      if (work > 50_000) {
        work = 0;
        yield;
      }
    }
    return true;
  };
}

/** Finds the matches of one node among all, which are in document order. */
export function matchesOf(matches: readonly Match[], node: number): readonly Match[] {
  const from = firstAtOrAfter(matches, node);
  let to = from;
  while (matches[to]?.node === node) to += 1;
  return matches.slice(from, to);
}

/** The index of the first match in node `node` or after it. */
function firstAtOrAfter(matches: readonly Match[], node: number): number {
  let [low, high] = [0, matches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((matches[middle]?.node ?? 0) < node) low = middle + 1;
    else high = middle;
  }
  return low;
}

const searchable = (value: unknown) => (typeof value === "string" ? value : scalarText(value));

function addAll(
  { text, offsets }: Folded,
  wanted: string,
  place: Pick<Match, "node" | "part">,
  found: Match[],
) {
  const folded = offsets ? { text, offsets } : { text };
  let at = text.indexOf(wanted);
  while (at >= 0 && found.length < maxMatches) {
    const [start, end] = unfold(folded, at, at + wanted.length);
    found.push({ ...place, start, end });
    at = text.indexOf(wanted, at + wanted.length);
  }
  return text.length;
}
