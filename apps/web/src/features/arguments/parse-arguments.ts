import { visit } from "jsonc-parser";

/** What the text of the arguments says, or where it stops being JSON: line and column count from 1. */
export type ParsedArguments = { ok: true; value: unknown } | { ok: false; line: number; column: number };

let last: { text: string; parsed: ParsedArguments } | undefined;

/**
 * Reads the text of the arguments. An empty text is no arguments: a call may leave them out. The same text, asked for
 * by the page and by both views, is read once and gives the same value, which nobody may change.
 */
export function parseArguments(text: string): ParsedArguments {
  if (last?.text !== text) last = { text, parsed: parsed(text) };
  return last.parsed;
}

function parsed(text: string): ParsedArguments {
  if (text.trim() === "") return { ok: true, value: {} };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, ...placeOfError(text) };
  }
}

/** Browsers do not agree on whether and how their message names the place, so it is looked for. */
function placeOfError(text: string) {
  let place: { line: number; column: number } | undefined;
  const onError = (_code: number, _offset: number, _length: number, line: number, column: number) => {
    place ??= { line: line + 1, column: column + 1 };
  };
  visit(text, { onError }, { disallowComments: true, allowTrailingComma: false });
  if (place) return place;
  const lines = text.split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}
