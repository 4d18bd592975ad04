const maxRows = 500;
const maxBytes = 1_048_576;

/**
 * Parses a text of JSON lines into rows, in pieces of at most 500 rows and 1 MiB, and counts its rows and the lines that
 * hold none: a crash may tear the last line. `parse` returns undefined for what is not a row.
 */
export function parseLines<Row>(text: string, parse: (value: unknown) => Row | undefined) {
  const pieces: Row[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  let rows = 0;
  let unreadable = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const value = parseJson(line);
    const row = value === undefined ? undefined : parse(value);
    if (row === undefined) {
      unreadable += 1;
      continue;
    }
    bytes += line.length;
    const piece = pieces.at(-1);
    if (piece && piece.length < maxRows && bytes <= maxBytes) piece.push(row);
    else {
      pieces.push([row]);
      bytes = line.length;
    }
    rows += 1;
  }
  return { pieces, rows, unreadable };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
