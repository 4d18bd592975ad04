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

const blanks = new Set(["\n", "\r", "\t"]);

/** Names the characters of a text that do not show, blanks aside: `U+202E`. Empty for honest text. */
export function invisibleIn(text: string): string[] {
  const found = [...text.matchAll(invisible)].map(([character]) => character);
  return [...new Set(found)].filter((character) => !blanks.has(character)).map(nameOf);
}

/**
 * A text for people with every character that does not show written out, `⟨U+202E⟩`, so that it can neither hide nor turn
 * anything. What is no JSON would be mistaken for it by escapes.
 */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => (character === "\n" ? "\n" : `⟨${nameOf(character)}⟩`));
}

/** Makes a text visible where no element is possible, as in an option, and isolates its direction. */
export const isolatedText = (text: string) => `\u2068${visibleText(text)}\u2069`;

function nameOf(character: string) {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
