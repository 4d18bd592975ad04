/**
 * A text without case and accents. `offsets[i]` is the position of its unit i in the original, where that differs from
 * i.
 */
export type Folded = { text: string; offsets?: Uint32Array };

const folds = new Map<string, string>();

/** Removes case and accents, so that "Ñuñoa" is found by "nunoa". */
export function fold(text: string): Folded {
  const lower = text.toLowerCase();
  let shifted = lower.length !== text.length;
  const folded = lower.replace(/[^\0-\x7F]/g, (unit) => {
    const plain = foldOne(unit);
    if (plain.length !== 1) shifted = true;
    return plain;
  });
  return shifted ? foldWithOffsets(text) : { text: folded };
}

/** Maps a range of a folded text to the original. */
export function unfold(folded: Folded, start: number, end: number): [start: number, end: number] {
  return [folded.offsets?.[start] ?? start, folded.offsets?.[end] ?? end];
}

function foldWithOffsets(text: string): Folded {
  const pieces: string[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const character of text) {
    const plain = foldOne(character);
    pieces.push(plain);
    for (let unit = 0; unit < plain.length; unit += 1) offsets.push(at);
    at += character.length;
  }
  offsets.push(at);
  return { text: pieces.join(""), offsets: Uint32Array.from(offsets) };
}

function foldOne(character: string) {
  let plain = folds.get(character);
  if (plain === undefined) {
    plain = character.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace("ς", "σ");
    folds.set(character, plain);
  }
  return plain;
}
