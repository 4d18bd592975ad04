// Joiners stay: emoji and some scripts are made with them.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
const kept = new Set(["\n", "\u200c", "\u200d"]);

/** A text in which whatever does not show, or turns the text around, is written out: `⟨U+202E⟩`. */
export function visibleText(text: string): string {
  return text.replace(hidden, (character) =>
    kept.has(character)
      ? character
      : `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}
