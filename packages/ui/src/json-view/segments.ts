import { escapeOf, invisible } from "../visible-text.ts";

/** A stretch of a text that a search found. */
export type Mark = { start: number; end: number; current: boolean };

/** A piece of text to show: as it is or as a visible escape, found by the search or not. */
export type Segment = { text: string; escaped: boolean; mark?: "match" | "current" };

/** Cuts a text into what is shown: invisible characters become escapes, stretches found by the search are marked. */
export function segmentsOf(text: string, marks: readonly Mark[] = []): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const { start, end, current } of marks) {
    if (end <= at || start >= text.length) continue;
    const from = Math.max(at, start);
    addVisible(segments, text.slice(at, from));
    at = Math.min(end, text.length);
    addVisible(segments, text.slice(from, at), current ? "current" : "match");
  }
  addVisible(segments, text.slice(at));
  return segments;
}

function addVisible(segments: Segment[], text: string, mark?: "match" | "current") {
  const add = (piece: string, escaped: boolean) =>
    piece && segments.push({ text: piece, escaped, ...(mark ? { mark } : {}) });
  let at = 0;
  for (const { 0: character, index } of text.matchAll(invisible)) {
    add(text.slice(at, index), false);
    add(escapeOf(character), true);
    at = index + character.length;
  }
  add(text.slice(at), false);
}
