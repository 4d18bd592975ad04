// Far more than any tool takes. Code that follows a value into itself stops at some thousands, with all that is on the page.
const mostLevels = 200;

let last: { text: string; read: { value: unknown } | undefined } | undefined;

/**
 * Parses the text of the arguments; undefined where it is no JSON or is nested deeper than 200 levels. An empty text is
 * no arguments, which a call may omit. The same text is parsed once and returns the same value, which must not be
 * changed.
 */
export function readJson(text: string): { value: unknown } | undefined {
  if (last?.text !== text) last = { text, read: read(text) };
  return last.read;
}

function read(text: string) {
  if (text.trim() === "") return { value: {} };
  try {
    return tooDeepAt(text) === undefined ? { value: JSON.parse(text) as unknown } : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the offset of the first bracket that is nested too deep. */
export function tooDeepAt(text: string): number | undefined {
  let level = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === "\\") at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === "[" || character === "{")) level += 1;
    else if (!quoted && (character === "]" || character === "}")) level -= 1;
    if (level > mostLevels) return at;
  }
  return undefined;
}
