/**
 * Characters that show nothing, or that move what surrounds them: controls, zero-width and bidi marks, lone surrogates,
 * line separators. Variation selectors 15 and 16 only choose how an emoji looks.
 */
export const invisible =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\uFE0E\uFE0F]]/gv;

const short: Record<string, string> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
};

/** The JSON escape of one character, which may take two UTF-16 units. */
export function escapeOf(character: string): string {
  const unit = (at: number) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  return short[character] ?? (character.length === 1 ? unit(0) : unit(0) + unit(1));
}

/** A value as JSON in one line in which nothing is invisible: pasted text must not read as something that it is not. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(invisible, escapeOf);
}

/** The same with two spaces of indentation. */
export function visibleIndentedJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(invisible, (character) =>
    character === "\n" ? character : escapeOf(character),
  );
}
