/** A text longer than `cutFrom` is shown as its first `shownOfCut` characters; opened, in parts of `partLength`. */
const cutFrom = 240;
const shownOfCut = 200;
export const partLength = 2000;

export const isLong = (value: unknown): value is string =>
  typeof value === "string" && value.length > cutFrom;

/** Returns the number of parts of an expanded text. An empty text has one. */
export const partsOf = (text: string) => Math.max(1, Math.ceil(text.length / partLength));

/** Returns the start and end of a part of a text. */
export function partRange(text: string, part: number): [start: number, end: number] {
  return [between(text, part * partLength), between(text, (part + 1) * partLength)];
}

/** The part that holds the character at `offset`. */
export function partAt(text: string, offset: number): number {
  const part = Math.floor(offset / partLength);
  return offset >= between(text, (part + 1) * partLength) ? part + 1 : part;
}

/** Returns the number of characters that are shown of a collapsed text. */
export const shownLength = (text: string) =>
  text.length > cutFrom ? between(text, shownOfCut) : text.length;

/** The first `length` characters of a text, or one less where that would halve a surrogate pair. */
export const firstOf = (text: string, length: number) => text.slice(0, between(text, length));

/** The last `length` characters of a text, or one less where that would halve a surrogate pair. */
export const lastOf = (text: string, length: number) =>
  text.length > length ? text.slice(between(text, text.length - length + 1)) : text;

/** A place at or just before `offset` that halves no surrogate pair. */
function between(text: string, offset: number) {
  if (offset >= text.length) return text.length;
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(offset - 1, offset + 1)) ? offset - 1 : offset;
}
