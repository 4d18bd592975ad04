import { visit } from "jsonc-parser";
import { readJson, tooDeepAt } from "./read-json.ts";

/** The parsed arguments, or the position where the text stops being JSON: line and column count from 1. */
export type ParsedArguments = { ok: true; value: unknown } | { ok: false; line: number; column: number };

/** Reads the text of the arguments, as `readJson` does. */
export function parseArguments(text: string): ParsedArguments {
  const read = readJson(text);
  return read ? { ok: true, value: read.value } : { ok: false, ...placeOfError(text) };
}

/** Browsers do not agree on whether and how their message names the place, so it is looked for. */
function placeOfError(text: string) {
  const deep = tooDeepAt(text);
  if (deep !== undefined) return endOf(text.slice(0, deep));
  let place: { line: number; column: number } | undefined;
  const onError = (_code: number, _offset: number, _length: number, line: number, column: number) => {
    place ??= { line: line + 1, column: column + 1 };
  };
  visit(text, { onError }, { disallowComments: true, allowTrailingComma: false });
  if (place) return place;
  return endOf(text);
}

function endOf(text: string) {
  const lines = text.split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}
