import { countOf, depthOf, endOf, type JsonDocument } from "./json-document.ts";
import { scalarText } from "./json-text.ts";
import { partRange, partsOf } from "./long-text.ts";
import { type Mark, type Segment, segmentsOf } from "./segments.ts";

/** The lines of the JSON text, as two columns side by side; their text is made when a line is shown. */
export type Lines = { nodes: number[]; pieces: number[] };

/** The piece that closes a node; any other, from 0, counts the parts of its key and value. */
const closing = -1;

/** Lays out the lines of a document, in linear time. A key or a text that is too long for one line takes several. */
export function linesOf(document: JsonDocument): Lines {
  const nodes: number[] = [];
  const pieces: number[] = [];
  const open: number[] = [];
  const total = document.values.length;
  for (let node = 0; node <= total; node += 1) {
    for (let last = open.at(-1); last !== undefined && endOf(document, last) <= node; last = open.at(-1)) {
      nodes.push(last);
      pieces.push(closing);
      open.pop();
    }
    if (node === total) break;
    const count = piecesOf(document, node);
    for (let piece = 0; piece < count; piece += 1) {
      nodes.push(node);
      pieces.push(piece);
    }
    if (countOf(document, node) > 0) open.push(node);
  }
  return { nodes, pieces };
}

/**
 * A line to show, as texts that must not reorder each other. `continued` and `goesOn` mark a line break that is not in
 * the JSON, before and after it.
 */
export type Line = { depth: number; texts: Segment[][]; continued: boolean; goesOn: boolean };

/** The text of a line; `marksFor` gives what a search found in the key and in the value of a node. */
export function lineAt(
  document: JsonDocument,
  lines: Lines,
  index: number,
  marksFor: (node: number, part: "key" | "value") => Mark[],
): Line {
  const node = lines.nodes[index] ?? 0;
  const piece = lines.pieces[index] ?? 0;
  const value = document.values[node];
  const depth = depthOf(document, node);
  const comma = endOf(document, node) < parentEnd(document, node) ? "," : "";
  if (piece === closing) {
    const texts = [plain((Array.isArray(value) ? "]" : "}") + comma)];
    return { depth, texts, continued: false, goesOn: false };
  }
  const key = document.keys[node];
  const ofKey = keyPieces(key);
  const texts: Segment[][] = [];
  if (typeof key === "string" && piece < ofKey) {
    texts.push(stringPiece(key, piece, marksFor(node, "key")));
    if (piece === ofKey - 1) texts.push(plain(": "));
  }
  const ofValue = ofKey > 1 ? piece - ofKey : piece;
  const goesOn = piece + 1 < piecesOf(document, node);
  if (ofValue >= 0) {
    if (countOf(document, node) > 0) texts.push(plain(Array.isArray(value) ? "[" : "{"));
    else if (typeof value === "string") texts.push(stringPiece(value, ofValue, marksFor(node, "value")));
    else texts.push(segmentsOf(scalarText(value), marksFor(node, "value")));
    if (!goesOn && countOf(document, node) === 0) texts.push(plain(comma));
  }
  return { depth, texts, continued: piece > 0, goesOn };
}

/** The line in which a place of a document is shown. */
export function lineOf(
  document: JsonDocument,
  lines: Lines,
  { node, piece }: { node: number; piece: number },
): number {
  let [low, high] = [0, lines.nodes.length];
  // Opening lines are in the order of their nodes; a closing line belongs to an earlier node.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lastBegun(document, lines, middle) < node) low = middle + 1;
    else high = middle;
  }
  return low + piece;
}

/** The piece of a node that holds the character at `offset` of its key or value. */
export function pieceAt(
  document: JsonDocument,
  node: number,
  part: "key" | "value",
  partOfText: number,
): number {
  const ofKey = keyPieces(document.keys[node]);
  return part === "value" && ofKey > 1 ? ofKey + partOfText : partOfText;
}

/** The node that began last, at a line or before it. */
function lastBegun(document: JsonDocument, lines: Lines, index: number) {
  const node = lines.nodes[index] ?? 0;
  return lines.pieces[index] === closing ? endOf(document, node) - 1 : node;
}

const parentEnd = (document: JsonDocument, node: number) => {
  const parent = document.parents[node] ?? -1;
  return parent < 0 ? 0 : endOf(document, parent);
};

const keyPieces = (key: string | number | undefined) => (typeof key === "string" ? partsOf(key) : 1);

function piecesOf(document: JsonDocument, node: number) {
  const value = document.values[node];
  const ofKey = keyPieces(document.keys[node]);
  const ofValue = typeof value === "string" ? partsOf(value) : 1;
  return ofKey > 1 ? ofKey + ofValue : ofValue;
}

const plain = (text: string): Segment[] => (text ? [{ text, escaped: false }] : []);

/** A part of a string between its quotes, with what JSON must escape escaped. */
function stringPiece(text: string, part: number, marks: Mark[]): Segment[] {
  const [start, end] = partRange(text, part);
  const shifted = marks.map((mark) => ({ ...mark, start: mark.start - start, end: mark.end - start }));
  const segments = segmentsOf(text.slice(start, end), shifted).map((segment) =>
    segment.escaped ? segment : { ...segment, text: segment.text.replace(/["\\]/g, "\\$&") },
  );
  return [...plain(part === 0 ? '"' : ""), ...segments, ...plain(part === partsOf(text) - 1 ? '"' : "")];
}
