import { countOf, depthOf, endOf, type JsonDocument } from "./json-document.ts";

/** Indentation of a deep value grows with the square of its depth. Past this many characters there is none. */
const longestIndentation = 20_000_000;

/** The JSON text of a node, indented by two spaces. Written without recursion, unlike `JSON.stringify`. */
export function jsonText(document: JsonDocument, node = 0): string {
  const lines = indentationOf(document, node) <= longestIndentation;
  const pieces: string[] = [];
  const base = depthOf(document, node);
  write(document, node, pieces, {
    separator: lines ? ": " : ":",
    breakLine: (depth) => (lines ? `\n${"  ".repeat(depth - base)}` : ""),
    limit: Number.POSITIVE_INFINITY,
  });
  return pieces.join("");
}

/** The beginning of a node's JSON text in one line, at least `limit` characters of it where there are so many. */
export function compactText(document: JsonDocument, node: number, limit: number): string {
  const pieces: string[] = [];
  write(document, node, pieces, { separator: ":", breakLine: () => "", limit });
  return pieces.join("");
}

/** Formats a scalar, or an empty array or object, as JSON. Minus zero retains its sign. */
export function scalarText(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  return JSON.stringify(value) ?? "null";
}

type Style = { separator: string; breakLine: (depth: number) => string; limit: number };

function write(document: JsonDocument, first: number, pieces: string[], style: Style) {
  const open: number[] = [];
  let length = 0;
  const add = (piece: string) => {
    pieces.push(piece);
    length += piece.length;
  };
  const closeBefore = (node: number) => {
    for (let last = open.at(-1); last !== undefined && endOf(document, last) <= node; last = open.at(-1)) {
      open.pop();
      add(style.breakLine(depthOf(document, last)) + (Array.isArray(document.values[last]) ? "]" : "}"));
    }
  };
  for (let node = first; node < endOf(document, first) && length < style.limit; node += 1) {
    closeBefore(node);
    const value = document.values[node];
    const key = document.keys[node];
    if (node !== first) {
      add((document.positions[node] ? "," : "") + style.breakLine(depthOf(document, node)));
      if (typeof key === "string") add(JSON.stringify(key) + style.separator);
    }
    if (countOf(document, node) > 0) open.push(node);
    add(countOf(document, node) === 0 ? scalarText(value) : Array.isArray(value) ? "[" : "{");
  }
  if (length < style.limit) closeBefore(endOf(document, first));
}

function indentationOf(document: JsonDocument, node: number) {
  const base = depthOf(document, node);
  let total = 0;
  for (let at = node; at < endOf(document, node); at += 1) total += 4 * (depthOf(document, at) - base);
  return total;
}
