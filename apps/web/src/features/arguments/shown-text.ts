// Controls (line breaks apart), halves of characters, and marks that turn or hide the text around them.
const unseen = /[\p{Cc}\p{Cs}\p{Cf}\u2028\u2029]/gu;
const lineBreaks = new Set(["\n", "\r", "\t"]);

/** Names the characters of a text that do not show: `U+202E`. Empty for honest text. */
export function unseenCharacters(text: string): string[] {
  const found = [...text.matchAll(unseen)].map(([character]) => character);
  return [...new Set(found)].filter((character) => !lineBreaks.has(character)).map(nameOf);
}

/** A text with every character that does not show written out, so that it can neither hide nor turn anything. */
export function shownText(text: string): string {
  return text.replace(unseen, (character) => (character === "\n" ? "\n" : `⟨${nameOf(character)}⟩`));
}

function nameOf(character: string) {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
