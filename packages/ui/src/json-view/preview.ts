import { childrenOf, countOf, type JsonDocument } from "./json-document.ts";
import { scalarText } from "./json-text.ts";
import { firstOf } from "./long-text.ts";

const mostPieces = 4;
const longestPiece = 40;

/** Returns the first plain values of a collapsed container, to distinguish it from its neighbours. */
export function previewOf(document: JsonDocument, node: number): string {
  const pieces: string[] = [];
  let seen = 0;
  for (const child of childrenOf(document, node)) {
    seen += 1;
    if (seen > mostPieces * 2 || pieces.length === mostPieces) break;
    const value = document.values[child];
    if (countOf(document, child) > 0 || value === null || value === "") continue;
    const text = typeof value === "string" ? value : scalarText(value);
    pieces.push(text.length > longestPiece ? `${firstOf(text, longestPiece)}…` : text);
  }
  return pieces.join(" · ");
}
